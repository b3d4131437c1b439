package dev.sleeperlab.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SuggestionsTest {
  @Test
  void suggestedCommandsNameTheDataFolderThatWasGiven() {
    assertThat(suggest("./sleeper status lists all", "cancel", "x", "--data", "here"))
        .isEqualTo("./sleeper status --data here lists all");
    assertThat(suggest("see ./sleeper tail mine-r1", "cancel", "mine", "--data", "my labs/$1"))
        .isEqualTo("see ./sleeper tail --data 'my labs/$1' mine-r1");
  }

  @Test
  void suggestedCommandsNameTheClusterThatWasGiven() {
    assertThat(
            suggest("./sleeper status", "tail", "--bootstrap", "a:1", "--registry", "http://a:2"))
        .isEqualTo("./sleeper status --bootstrap a:1 --registry http://a:2");
  }

  @Test
  void nothingIsAddedWhereNothingWasGivenOrTheCommandDoesNotKnowIt() {
    assertThat(suggest("./sleeper status lists all", "cancel", "x"))
        .isEqualTo("./sleeper status lists all");
    assertThat(suggest("./sleeper glossary lists all terms", "cancel", "x", "--data", "here"))
        .isEqualTo("./sleeper glossary lists all terms");
  }

  private static String suggest(String text, String... given) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    CommandLine root = Sleeper.commandLine(Terminal.plain(nowhere, nowhere), Map.of());
    root.parseArgs(given);
    return Suggestions.complete(text, root);
  }
}

